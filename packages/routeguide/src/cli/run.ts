import { type Command, CommanderError } from "commander";
import { UsageError } from "./failure.js";
import type { Io } from "./io.js";
import { createProgram } from "./program.js";
import { report } from "./report.js";

/**
 * Runs one command.
 *
 * @param args the command line without program and script
 * @returns the exit code
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const program = createProgram(io);
  try {
    await program.parseAsync(args.map(protectCoordinates), { from: "user" });
    return 0;
  } catch (error) {
    return report(withUsage(error, program, args[0]), io);
  }
}

/** Too few or too many arguments: says what the command takes. */
function withUsage(error: unknown, program: Command, name: string | undefined): unknown {
  if (!(error instanceof CommanderError) || !ARGUMENT_MISTAKES.has(error.code)) return error;
  const command = program.commands.find((each) => each.name() === name);
  if (command === undefined) return error;
  const takes = command.registeredArguments.map((argument) => `\n  ${argument.name()}: ${argument.description}`);
  const usage = `Usage: routeguide ${command.name()} ${command.usage()}`;
  return new UsageError(`${error.message.replace(/^error: /, "")}\n${usage}${takes.join("")}`);
}

const ARGUMENT_MISTAKES = new Set(["commander.excessArguments", "commander.missingArgument"]);

/** `-33.9,151.2` and `-33.9 151.2` are points and no options. Options never begin with white space, and points may. */
const protectCoordinates = (arg: string) => (/^-[\d.][^\s,]*[\s,]/.test(arg) ? ` ${arg}` : arg);
