import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Holdings, Usage } from "./usage-hook.js";

const HOOK = fileURLToPath(new URL("usage-hook.js", import.meta.url));
const READY_MS = 30_000;
const STOP_MS = 5_000;

/** Whether processes can be kept on one core each, so that the load does not take the server's. */
export const canPin = process.platform === "linux" && spawnSync("taskset", ["-V"]).status === 0;

/** A server under test, in a process of its own. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;
  #errors = "";

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
    child.stderr?.on("data", (chunk) => {
      this.#errors = (this.#errors + chunk).slice(-4000);
    });
  }

  /** Starts a script of Node's with arguments, in which {port} is filled in, and waits until it takes connections. */
  static start(script: string, args: readonly string[]): Promise<ServerProcess> {
    const node = [process.execPath, "--disable-warning=ExperimentalWarning", "--import", HOOK, script];
    return ServerProcess.#start([...node, ...args], "ipc");
  }

  /** The same for a program that is not Node's. What it uses is read from /proc, so this needs Linux. */
  static startProgram(program: string, args: readonly string[]): Promise<ServerProcess> {
    return ServerProcess.#start([program, ...args], "ignore");
  }

  static async #start(line: readonly string[], channel: "ipc" | "ignore"): Promise<ServerProcess> {
    const port = await freePort();
    const filled = line.map((arg) => arg.replaceAll("{port}", String(port)));
    const [command, ...rest] = canPin ? ["taskset", "-c", "0", ...filled] : filled;
    const child = spawn(command ?? "", rest, { stdio: ["ignore", "ignore", "pipe", channel] });
    const server = new ServerProcess(port, child);
    await server.#ready(line.join(" "));
    return server;
  }

  async usage(): Promise<Usage> {
    if (!this.#child.connected) return usageOf(this.#child.pid ?? 0);
    this.#child.send("usage");
    const [message] = await once(this.#child, "message");
    return message.usage;
  }

  /** Makes the server collect its garbage, and resolves to what is left. */
  async holdings(): Promise<Holdings> {
    this.#child.send("holdings");
    const [message] = await once(this.#child, "message");
    return message.holdings;
  }

  /** The end of what it wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  /** Ends it, by force if it takes too long. Resolves to its exit code, or null if it did not end by itself. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    const [code] = await exited;
    clearTimeout(timer);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #ready(line: string): Promise<void> {
    const end = performance.now() + READY_MS;
    while (!(await takesConnections(this.port))) {
      if (this.#child.exitCode !== null) throw new Error(`${line} ended before it was ready:\n${this.#errors}`);
      if (performance.now() > end) throw new Error(`${line} is not ready after ${READY_MS / 1000} s:\n${this.#errors}`);
      await delay(20);
    }
  }
}

/** What Linux has counted of a process: proc(5). Times are in hundredths of a second. */
function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may hold anything; user and kernel time are the 14th and the 15th field.
  const [user, kernel] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuSeconds: (Number(user) + Number(kernel)) / 100, peakMiB: Number(peak ?? 0) / 1024 };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
