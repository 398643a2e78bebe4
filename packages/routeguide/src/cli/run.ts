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
  try {
    await createProgram(io).parseAsync(args.map(protectCoordinates), { from: "user" });
    return 0;
  } catch (error) {
    return report(error, io);
  }
}

/** `-33.9,151.2` is a point and no option. Options never begin with white space, and points may. */
const protectCoordinates = (arg: string) => (/^-[\d.]+\s*,/.test(arg) ? ` ${arg}` : arg);
