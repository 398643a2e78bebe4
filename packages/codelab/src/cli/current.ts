import { currentStep, readProgress } from "../project/progress.js";
import { STEPS } from "../steps.js";
import { type Context, UsageError } from "./command.js";

/**
 * The step that a command is about: the one named, or else the one that the learner has come to.
 *
 * @returns undefined if all steps are done, which the learner is told
 * @throws {UsageError}
 */
export function stepOf({
  project,
  terminal,
  args,
}: Pick<Context, "project" | "terminal" | "args">): number | undefined {
  const [named] = args;
  if (named === undefined) {
    const current = currentStep(readProgress(project), STEPS.length);
    if (current === undefined) terminal.print("All steps are done. `npx lab status` lists them.");
    return current;
  }
  const number = Number(named);
  if (Number.isInteger(number) && number >= 1 && number <= STEPS.length) return number;
  throw new UsageError(`${named} is no step: expected a number from 1 to ${STEPS.length}`);
}
