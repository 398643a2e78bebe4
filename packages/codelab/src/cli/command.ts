import type { Terminal } from "./terminal.js";

/** What a command works on. */
export interface Context {
  /** The learner's project. */
  readonly project: string;
  readonly terminal: Terminal;
  /** What follows the command's name. */
  readonly args: readonly string[];
  /** Fires with the first SIGINT or SIGTERM. */
  readonly interrupt: AbortSignal;
}

export interface Command {
  readonly usage: string;
  /** One line. */
  readonly help: string;
  /** How long it may take to end well after an interrupt, in milliseconds. Default 0: what it does is dropped. */
  readonly graceMs?: number;
  /** @returns the exit code */
  readonly run: (context: Context) => Promise<number>;
}

/** What a command was asked is impossible; the message says why. */
export class UsageError extends Error {}
