import { once } from "node:events";
import { NotInstalled } from "../build/installed.js";
import { findProject } from "../project/progress.js";
import { wrap } from "../report/wrap.js";
import { type Command, UsageError } from "./command.js";
import { check } from "./commands/check.js";
import { diff } from "./commands/diff.js";
import { hint } from "./commands/hint.js";
import { reset } from "./commands/reset.js";
import { runBoth } from "./commands/run.js";
import { skip } from "./commands/skip.js";
import { status } from "./commands/status.js";
import { view } from "./commands/view.js";
import { watch } from "./commands/watch.js";
import { refusal } from "./refusal.js";
import type { Terminal } from "./terminal.js";
import { isTypo } from "./typo.js";

const COMMANDS: Readonly<Record<string, Command>> = {
  check,
  watch,
  hint,
  diff,
  reset,
  skip,
  status,
  run: runBoth,
  view,
};

/** What shells expect of a program that SIGINT has ended. */
const INTERRUPTED = 130;

/**
 * Runs one command of the lab.
 *
 * @param args the command line without program and script
 * @returns the exit code
 */
export async function run(
  args: readonly string[],
  io: { readonly cwd: string; readonly terminal: Terminal; readonly interrupt: AbortSignal },
): Promise<number> {
  const { terminal } = io;
  const [name = "status", ...rest] = args;
  if (name === "help" || isHelp(name)) {
    terminal.print(usage());
    return 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) throw new UsageError(unknownCommand(name));
    if (rest.some(isHelp)) {
      terminal.print(`Usage: npx lab ${command.usage}\n\n${command.help}`);
      return 0;
    }
    if (!takes(command, rest)) throw new UsageError(`Usage: npx lab ${command.usage}`);
    const project = findProject(io.cwd);
    if (project === undefined) {
      throw new UsageError("This is no folder of the codelab: make one with npm create routeguide@latest");
    }
    const { graceMs = 0 } = command;
    const running = command.run({ project, args: rest, ...io, terminal: graceMs > 0 ? terminal : untilInterrupt(io) });
    const code = await Promise.race([running, afterInterrupt(io.interrupt, graceMs)]);
    return io.interrupt.aborted && graceMs === 0 ? INTERRUPTED : code;
  } catch (error) {
    if (io.interrupt.aborted) return INTERRUPTED;
    const sentence = error instanceof UsageError || error instanceof NotInstalled ? error.message : refusal(error);
    if (sentence === undefined) throw error;
    terminal.print(wrap(sentence, terminal.columns).join("\n"));
    return 2;
  }
}

/** Programs that still run are ended with the process. */
async function afterInterrupt(interrupt: AbortSignal, graceMs: number): Promise<number> {
  if (!interrupt.aborted) await once(interrupt, "abort");
  if (graceMs > 0) await new Promise((resolve) => setTimeout(resolve, graceMs));
  return INTERRUPTED;
}

/** A compiler that the same Ctrl-C has ended looks like one that failed: nobody is told. */
function untilInterrupt({ terminal, interrupt }: { terminal: Terminal; interrupt: AbortSignal }): Terminal {
  return {
    ...terminal,
    print(text) {
      if (!interrupt.aborted) terminal.print(text);
    },
  };
}

const isHelp = (arg: string) => arg === "--help" || arg === "-h";

/** "view [PORT] [--open]" takes two at most, and of options that one. */
function takes({ usage }: Command, args: readonly string[]): boolean {
  return (
    args.length < usage.split(" ").length && args.every((arg) => !arg.startsWith("-") || usage.includes(`[${arg}]`))
  );
}

function unknownCommand(name: string): string {
  const meant = Object.keys(COMMANDS).find((command) => isTypo(name, command));
  return `lab has no command ${name}${meant === undefined ? `\n\n${usage()}` : `. Did you mean ${meant}?`}`;
}

function usage(): string {
  const rows = Object.values(COMMANDS).map(({ usage, help }) => `  ${usage.padEnd(20)}  ${help}`);
  return ["npx lab COMMAND", "", ...rows, "", "Without a command: status."].join("\n");
}
