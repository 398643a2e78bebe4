/** Runs the real command as users do, in a process of its own. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../bin/routeguide.js", import.meta.url));
/** How long a test waits for what must come. */
const PATIENCE_MS = 20_000;

/** Who speaks HTTP/2 in the commands that tests run, unless they say otherwise: `npm test -- --engine node` makes it Node. */
export const ENGINE: "own" | "node" = process.env["ROUTEGUIDE_ENGINE"] === "node" ? "node" : "own";

/** Four places, three of them between 40,-75 and 42,-73. */
export const PLACES = fileURLToPath(new URL("../../test/places.csv", import.meta.url));

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What to write to its stdin before ending it. Absent: stdin stays open, for `child.stdin`. */
  readonly input?: string;
  readonly cwd?: string;
}

/** A command that was started. Disposing of it kills it, if it still runs. */
export class Command implements AsyncDisposable {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it wrote so far. */
  stdout = "";
  stderr = "";
  readonly #exit: Promise<[number | null, NodeJS.Signals | null]>;

  constructor(args: readonly string[], { env, input, cwd }: CommandOptions = {}) {
    this.child = spawn(process.execPath, [BIN, ...args], {
      // Nothing of the machine's own settings reaches it. It speaks as it does on a terminal.
      env: { PATH: process.env["PATH"], ROUTEGUIDE_LOG_FORMAT: "text", ROUTEGUIDE_ENGINE: ENGINE, ...env },
      ...(cwd !== undefined && { cwd }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    // It may end before it has read everything.
    this.child.stdin.on("error", () => {});
    if (input !== undefined) this.child.stdin.end(input);
    this.#exit = once(this.child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  }

  /** Its exit code, once it has ended and all its output is here. */
  async exitCode(): Promise<number | null> {
    const [code] = await this.#exit;
    return code;
  }

  /** Resolves with the match once its output matches. Rejects, with all the output, if it ends before or takes too long. */
  async until(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match;
      const hasEnded = this.child[stream].readableEnded;
      if (hasEnded || signal.aborted) {
        const what = hasEnded ? "It ended" : "Nothing came";
        throw new Error(`${what} before ${pattern}. stdout:\n${this.stdout}\nstderr:\n${this.stderr}`);
      }
      const heard = new AbortController();
      const either = { signal: AbortSignal.any([signal, heard.signal]) };
      const events = ["data", "end"].map((event) => once(this.child[stream], event, either));
      await Promise.race(events).catch(() => {});
      // Takes the listener for the other event away.
      heard.abort();
      await Promise.allSettled(events);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    await this.#exit;
  }
}

/** What a command wrote, once it has ended. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}) {
  await using command = new Command(args, { input: "", ...options });
  const code = await command.exitCode();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

/** `routeguide serve` on a free port, ready to be called at `address`. */
export async function serveCommand(args: readonly string[] = [], options?: CommandOptions) {
  const command = new Command(["serve", "--listen", "127.0.0.1:0", "--notes", "memory", ...args], options);
  const [, address = ""] = await command.until("stderr", /^ +at +(\S+)$/m);
  return Object.assign(command, { address });
}
