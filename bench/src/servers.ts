import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WEB_WORKLOADS } from "./workloads.js";

/** How a server under test is started. In the arguments {places} and {port} are filled in. */
export interface ServerUnderTest {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Workloads that it does not serve. */
  readonly without?: readonly string[];
}

const require = createRequire(import.meta.url);
const local = (name: string) => fileURLToPath(new URL(`servers/${name}.js`, import.meta.url));
const product = () => join(dirname(require.resolve("routeguide/package.json")), "bin/routeguide.js");

const PLAIN = ["--places", "{places}", "--port", "{port}"];
const CHATS = ["chat", "chat-turns", "fan-out"];

const routeguide = (name: string, ...more: string[]): ServerUnderTest => ({
  name,
  script: product(),
  args: [
    ...["serve", "--places", "{places}", "--listen", "127.0.0.1:{port}", "--notes", "memory", "--log-level", "silent"],
    ...more,
  ],
});

/** The first is what the others are compared with. */
export const SERVERS: readonly ServerUnderTest[] = [
  routeguide("routeguide"),
  routeguide("routeguide-node-http2", "--engine", "node"),
  { name: "plain-handlers", script: local("plain-handlers"), args: PLAIN, without: CHATS },
  { name: "grpc-js", script: local("grpc-js"), args: PLAIN, without: WEB_WORKLOADS },
  { name: "connect-node", script: local("connect-node"), args: PLAIN },
];
