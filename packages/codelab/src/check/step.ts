import type { Lab } from "./lab.js";

/** One thing that the step's program must do. */
export interface Check {
  /** A sentence about behaviour: "a known point comes back with its name". */
  readonly title: string;
  /** @throws {Miss} if the program does something else; other errors are explained by the runner */
  readonly run: (lab: Lab) => Promise<void>;
}

/** A step of the codelab: what its folder's check.ts exports. */
export interface Step {
  /** At most 45 characters. */
  readonly title: string;
  /** How long it takes somebody who is new to this. */
  readonly minutes: number;
  /** Where the learner writes. Errors in other files are left to other steps. */
  readonly files: readonly string[];
  /** What must be made before the checks can run: nothing, the generated code, or that and the compiled programs. */
  readonly needs: "contract" | "generated code" | "programs";
  /** They share nothing, neither a server nor what they change in the project: all of them are made at the same time. */
  readonly areApart?: boolean;
  /** In the order in which they are told; the first that fails ends the step's check. */
  readonly checks: readonly Check[];
}
