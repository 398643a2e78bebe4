import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { endGroup, MARK_VARIABLE, trackGroup } from "./group.js";
import { Output } from "./output.js";
import type { Answers, Question, Told } from "./probe.js";

export interface ProgramOptions {
  /** The learner's project. */
  readonly cwd: string;
  /** The compiled script, relative to it, and what follows it. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Each line that it prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** Stack traces name lines of TypeScript; a program that fills its memory ends before it hurts the machine. */
const FLAGS = ["--enable-source-maps", "--max-old-space-size=512"];

/** How a program ended: its exit code, or the signal that ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One of the learner's programs, in a process group of its own. Disposing ends it, and whatever it started. */
export class Program implements AsyncDisposable {
  readonly output: Output;
  /** Resolves when the process has ended and its output was read. */
  readonly ended: Promise<Ended>;
  /** How it ended, once it has. */
  end: Ended | undefined;
  /** Where it listens, once it does; in the order in which it told. */
  readonly ports: number[] = [];
  /** Whether it was asked to stop. */
  wasAsked = false;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (value: Answers[keyof Answers]) => void>();
  readonly #onPort = new Set<() => void>();
  #id = 0;

  constructor({ cwd, args, env = {}, onLine = () => {} }: ProgramOptions) {
    const probe = new URL("./probe.js", import.meta.url).href;
    const mark = randomUUID();
    this.#child = spawn(process.execPath, [...FLAGS, "--import", probe, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env, [MARK_VARIABLE]: mark },
      // A group of its own can be ended whole.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    trackGroup(this.#child, mark);
    this.output = new Output({ line: onLine, flood: () => endGroup(this.#child) });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => this.output.add(chunk));
    }
    this.#child.on("message", (told) => this.#hear(told as Told));
    this.ended = once(this.#child, "close").then(([code, signal]) => {
      this.end = { code, signal };
      for (const wake of this.#onPort) wake();
      return this.end;
    });
  }

  /** Resolves when it listens somewhere, has ended, or the signal fires. */
  async listening(signal: AbortSignal): Promise<void> {
    while (this.ports.length === 0 && this.end === undefined && !signal.aborted) {
      await new Promise<void>((wake) => {
        this.#onPort.add(wake);
        signal.addEventListener("abort", () => wake(), { once: true });
      });
    }
  }

  /** Asks the probe in the program; undefined if there is no answer in time, because it has ended or is in a loop. */
  async ask<K extends keyof Answers>(ask: K, timeoutMs: number): Promise<Answers[K] | undefined> {
    const id = this.#id++;
    const question: Question = { id, ask };
    const { promise, resolve } = later<Answers[K] | undefined>();
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    this.#asked.set(id, resolve as (value: Answers[keyof Answers]) => void);
    // It may be ending just now: that is waited for.
    if (this.#child.connected) this.#child.send(question, () => {});
    void this.ended.then(() => resolve(undefined));
    const value = await promise;
    clearTimeout(timer);
    this.#asked.delete(id);
    return value;
  }

  /** Asks it to stop, as a terminal or an operator does. */
  signal(signal: "SIGINT" | "SIGTERM"): void {
    this.wasAsked = true;
    this.#child.kill(signal);
  }

  /** Waits until it has ended; undefined if it still runs after so many milliseconds. */
  async endsWithin(timeoutMs: number): Promise<Ended | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, undefined);
    });
    const end = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return end;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    endGroup(this.#child);
    await this.ended;
  }

  #hear(told: Told): void {
    // The program may send what it likes.
    if (typeof told !== "object" || told === null) return;
    if (told.kind === "answer") {
      this.#asked.get(told.id)?.(told.value);
    } else if (told.kind === "listening") {
      this.ports.push(told.port);
      for (const wake of this.#onPort) wake();
    }
  }
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
