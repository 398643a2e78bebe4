/** Runs commands as a learner does, and looks at what their terminal shows. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Shown {
  readonly code: number | null;
  readonly stdout: string;
  /** On both streams. */
  readonly text: string;
}

/** How long a command may take unless told otherwise: installing is the longest. */
const PATIENCE_MS = 240_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals are sent
const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;

export interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A command that runs. */
export class Running {
  text = "";
  stdout = "";
  readonly ended: Promise<Shown>;
  readonly #child: ReturnType<typeof spawn>;
  readonly #waiting = new Set<() => void>();
  #hasEnded = false;

  constructor(command: string, args: readonly string[], { cwd, env }: Place, patienceMs = PATIENCE_MS) {
    this.#child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.stdout += chunk;
      this.#hear(chunk);
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => this.#hear(chunk));
    const timer = setTimeout(() => this.signal("SIGKILL"), patienceMs);
    this.ended = once(this.#child, "close").then(([code]) => {
      clearTimeout(timer);
      this.#hasEnded = true;
      this.#wake();
      return { code: code as number | null, stdout: this.stdout, text: this.text };
    });
  }

  /**
   * Waits until it has printed something.
   *
   * @throws {Error} if it ends before that
   */
  async printed(text: string | RegExp, from = 0): Promise<void> {
    const isThere = () => {
      const printed = this.text.slice(from);
      return typeof text === "string" ? printed.includes(text) : text.test(printed);
    };
    while (!isThere()) {
      if (this.#hasEnded) throw new Error(`it ended without saying ${text}:\n${this.text}`);
      await new Promise<void>((wake) => this.#waiting.add(wake));
    }
  }

  /** As a terminal does it: all of the group get it. */
  signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }

  #hear(chunk: string): void {
    this.text += chunk;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

export function runCommand(command: string, args: readonly string[], place: Place): Promise<Shown> {
  return new Running(command, args, place).ended;
}

/** The same on a terminal of 80 columns; undefined where there is no `script` of util-linux. */
export async function runOnTerminal(line: string, place: Place): Promise<Shown | undefined> {
  const { code } = await runCommand("script", ["--version"], place).catch(() => ({ code: null }));
  if (code !== 0) return undefined;
  return runCommand("script", ["-qec", `stty cols 80 rows 24; ${line}`, "/dev/null"], place);
}

export const hasEscapes = (text: string) => text.includes("\u001b");

/** Lines that do not fit. What npm has to say of its own configuration is not ours. */
export function tooWide(text: string): string[] {
  return text
    .replaceAll(ESCAPES, "")
    .split(/\r?\n/)
    .filter((line) => line.length > 80 && !line.startsWith("npm "));
}
