/** Any other script of the learner's project, run once to its end. */
import { BUILD } from "../build/compile.js";
import { type Ended, Program } from "../program/program.js";
import { Miss, type Suspect } from "./miss.js";
import { PATIENCE } from "./patience.js";

export interface ScriptEnded extends Ended {
  /** What it printed, on both streams. */
  readonly text: string;
  /** Where it listened meanwhile. */
  readonly ports: readonly number[];
}

/**
 * @param script its name in the compiled project
 * @param env what it gets beside the environment of the lab
 * @throws {Miss} if it does not end, or prints without end
 */
export async function runScript(
  project: string,
  script: string,
  at: Suspect,
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptEnded> {
  await using program = new Program({ cwd: project, args: [`${BUILD}/${script}`], env });
  const end = await program.endsWithin(PATIENCE.ending);
  const { text, isFlooded } = program.output;
  const source = script.replace(/js$/, "ts");
  if (isFlooded) throw new Miss(`${source} printed more than 1 MB and was stopped`, { at });
  if (end === undefined) {
    throw new Miss(`${source} does not end`, {
      seen: `it still runs after ${PATIENCE.ending / 1000} seconds`,
      printed: text,
      at,
    });
  }
  return { ...end, text, ports: program.ports };
}
