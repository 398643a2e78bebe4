import { currentStep, readProgress } from "../project/progress.js";
import { STEPS } from "../steps.js";
import { type Context, UsageError } from "./command.js";

/**
 * The step that a command is about: the one named, or else the one that the learner has come to.
 *
 * @returns undefined if all steps are done
 * @throws {UsageError}
 */
export function stepOf({ project, args }: Pick<Context, "project" | "args">): number | undefined {
  const [named] = args;
  if (named === undefined) return currentStep(readProgress(project), STEPS.length);
  const number = Number(named);
  if (Number.isInteger(number) && number >= 1 && number <= STEPS.length) return number;
  throw new UsageError(`${named} is no step: expected a number from 1 to ${STEPS.length}`);
}
