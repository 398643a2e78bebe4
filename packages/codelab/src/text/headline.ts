import { STEPS } from "../steps.js";

/** `Step 5 of 16: GetFeature: one request, one response (5 minutes)`. */
export function headline(number: number): string {
  const step = STEPS[number - 1];
  return step === undefined ? "" : `Step ${number} of ${STEPS.length}: ${step.title} (${step.minutes} minutes)`;
}
