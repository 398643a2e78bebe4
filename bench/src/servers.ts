import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Built, buildCpp, buildGo, buildTonic } from "./native.js";
import { WEB_SOCKET_WORKLOADS, WEB_WORKLOADS } from "./workloads.js";

/** How a server under test is started. In the arguments {places} and {port} are filled in. */
interface Start {
  readonly name: string;
  readonly args: readonly string[];
  /** Whether it takes --tls-cert and --tls-key. */
  readonly speaksTls?: boolean;
  /** Workloads that it does not serve. */
  readonly without?: readonly string[];
}

export interface NodeServer extends Start {
  readonly script: string;
}

export interface NativeServer extends Start {
  /** Resolves to the program's path, or to the reason why there is none on this machine. */
  build(): Promise<Built>;
}

export type ServerUnderTest = NodeServer | NativeServer;

const require = createRequire(import.meta.url);
const local = (name: string) => fileURLToPath(new URL(`servers/${name}.js`, import.meta.url));
const product = () => join(dirname(require.resolve("routeguide/package.json")), "bin/routeguide.js");

const PLAIN = ["--places", "{places}", "--port", "{port}"];
/** The peers keep notes, but send them only to whoever posts at their point; and none has gRPC on a WebSocket. */
const NOT_BY_PEERS = ["fan-out", ...WEB_SOCKET_WORKLOADS];
const GRPC_ALONE = [...NOT_BY_PEERS, ...WEB_WORKLOADS];

/** Only of interest beside the first if that is another. */
export const OTHER_ENGINE = "routeguide-node-http2";

const routeguide = (name: string, engine: "own" | "node"): NodeServer => ({
  name,
  script: product(),
  speaksTls: true,
  args: [
    ...["serve", "--places", "{places}", "--listen", "127.0.0.1:{port}", "--notes", "memory", "--log-level", "silent"],
    ...["--engine", engine],
  ],
});

/** The product. */
export const PRODUCT: NodeServer = routeguide("routeguide", "own");

/**
 * The first is what the others are compared with.
 *
 * @param engine what those that run on @routeguide/grpc speak HTTP/2 with
 */
export const servers = (engine: "own" | "node" = "own"): readonly ServerUnderTest[] => [
  routeguide("routeguide", engine),
  routeguide(OTHER_ENGINE, "node"),
  {
    name: "plain-handlers",
    script: local("plain-handlers"),
    args: [...PLAIN, "--engine", engine],
    without: ["chat", "chat-turns", "fan-out", ...WEB_SOCKET_WORKLOADS],
    speaksTls: true,
  },
  { name: "tonic", build: () => buildTonic("server"), args: PLAIN, without: GRPC_ALONE, speaksTls: true },
  { name: "grpc-go", build: () => buildGo("server"), args: PLAIN, without: GRPC_ALONE, speaksTls: true },
  { name: "grpc-cpp", build: buildCpp, args: PLAIN, without: GRPC_ALONE, speaksTls: true },
  {
    name: "grpc-js",
    script: local("grpc-js"),
    args: PLAIN,
    without: [...WEB_WORKLOADS, ...WEB_SOCKET_WORKLOADS],
    speaksTls: true,
  },
  { name: "connect-node", script: local("connect-node"), args: PLAIN, without: WEB_SOCKET_WORKLOADS },
];
