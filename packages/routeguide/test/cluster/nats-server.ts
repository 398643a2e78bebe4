/** A real nats-server in a process of its own, which a test may kill, stop and start again with what it has kept. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
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
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      const port = /Listening for client connections on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) this.#port = Number(port);
      if (line.includes("Server is ready")) {
        child.stderr.resume();
        return;
      }
    }
    throw new Error(`nats-server ended\n${said.join("\n")}`);
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
