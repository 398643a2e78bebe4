/** A real nats-server in a process of its own, which a test may kill, stop and start again with what it has kept. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../temporary-folder.js";

export interface NatsOptions {
  /** Lines of its configuration, besides those for its port and its store. */
  readonly config?: string;
  /** Where it listens for clients. Default: a free port. */
  readonly port?: number;
  /** Whether it has JetStream. Default true. */
  readonly jetstream?: boolean;
}

/** The program, which `npm run cluster` installs. */
export function natsProgram(): string {
  const path = process.env["ROUTEGUIDE_NATS_SERVER"];
  if (path === undefined) throw new Error("ROUTEGUIDE_NATS_SERVER does not say where nats-server is: npm run cluster");
  return path;
}

export class NatsServer implements AsyncDisposable {
  readonly #folder: { readonly path: string } & AsyncDisposable;
  readonly #options: NatsOptions;
  #child: ChildProcess | undefined;
  #port: number;
  #said = "";

  private constructor(folder: { path: string } & AsyncDisposable, options: NatsOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#port = options.port ?? -1;
  }

  static async start(options: NatsOptions = {}): Promise<NatsServer> {
    const server = new NatsServer(await temporaryFolder(), options);
    await server.start();
    return server;
  }

  /** Three servers that keep everything together, and have agreed on who leads. */
  static async startCluster(): Promise<readonly [NatsServer, NatsServer, NatsServer]> {
    const ports = [await freePort(), await freePort(), await freePort()];
    const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
    const start = (name: string, port = 0) =>
      NatsServer.start({
        config: `server_name: ${name}\ncluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
      });
    const servers = await Promise.all([start("a", ports[0]), start("b", ports[1]), start("c", ports[2])]);
    await Promise.race(servers.map((server) => server.until(/Self is new JetStream cluster metadata leader/)));
    return servers;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Starts it, again on the same port with the same store. Resolves when it takes clients. */
  async start(): Promise<void> {
    const { config = "", jetstream = true } = this.#options;
    const store = jetstream ? `jetstream { store_dir: "${join(this.#folder.path, "store")}" }` : "";
    const path = join(this.#folder.path, "nats.conf");
    await writeFile(path, `listen: "127.0.0.1:${this.#port}"\n${store}\n${config}\n`);
    const child = spawn(natsProgram(), ["-c", path], { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    this.#said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
    });
    const [, port = ""] = await this.until(/Listening for client connections on 127\.0\.0\.1:(\d+)/);
    this.#port = Number(port);
    await this.until(/Server is ready/);
  }

  /** Resolves with the match once it has said so. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const output = this.#child?.stderr;
    for (;;) {
      const match = pattern.exec(this.#said);
      if (match !== null) return match;
      if (output?.readableEnded !== false) throw new Error(`nats-server ended before ${pattern}\n${this.#said}`);
      const heard = new AbortController();
      const events = ["data", "end"].map((event) => once(output, event, heard));
      await Promise.race(events);
      heard.abort();
      await Promise.allSettled(events);
    }
  }

  /** Ends it at once, as a power failure would. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
  }

  /** Stops it as it is, until `resume()`. Resolves when it does nothing any more. */
  async pause(): Promise<void> {
    this.#child?.kill("SIGSTOP");
    const state = ["-o", "state=", "-p", `${this.#child?.pid}`];
    while (!(await promisify(execFile)("ps", state)).stdout.startsWith("T"));
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
