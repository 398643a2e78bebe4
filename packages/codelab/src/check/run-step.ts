/** Checks one step of the learner's project. */
import { compile, TSCONFIG } from "../build/compile.js";
import { generate } from "../build/generate.js";
import { whileBuilding } from "../project/lock.js";
import type { RecordedCall, WireEvent } from "../wire/recording.js";
import { explain } from "./explain.js";
import { Lab } from "./lab.js";
import { type Line, likelyLine } from "./likely-line.js";
import { Miss } from "./miss.js";
import type { Step } from "./step.js";

export interface Failure {
  /** What was being checked. */
  readonly title: string;
  readonly miss: Miss;
  readonly line: Line | undefined;
  /** What happened on the wire meanwhile. */
  readonly calls: readonly RecordedCall[];
  readonly events: readonly WireEvent[];
}

export interface Verdict {
  /** The titles of the checks that passed, in their order. */
  readonly passed: readonly string[];
  readonly failure: Failure | undefined;
}

/** Listens to what happens while a step is checked. */
export interface Watcher {
  /** A check begins: its recording may be listened to. */
  begins?(title: string, lab: Lab): void;
  passes?(title: string): void;
}

export async function runStep(project: string, step: Step, watcher: Watcher = {}): Promise<Verdict> {
  await using lab = new Lab(project);
  const passed: string[] = [];
  const checks = [
    { title: "the project builds", run: () => whileBuilding(project, () => build(project, step)) },
    ...step.checks,
  ];
  for (const { title, run } of checks) {
    watcher.begins?.(title, lab);
    try {
      await run(lab);
    } catch (error) {
      const miss = await explain(error, lab);
      if (miss === undefined) throw error;
      const { calls } = lab.recording;
      // A connection that is lost while the server goes on is one that the check has closed.
      const isLost = lab.running?.program.end !== undefined;
      const events = lab.recording.events.filter(({ kind }) => kind !== "lost" || isLost);
      return { passed, failure: { title, miss, line: likelyLine(project, miss.details), calls, events } };
    }
    passed.push(title);
    watcher.passes?.(title);
    await lab.nextCheck();
  }
  return { passed, failure: undefined };
}

/** @throws {Miss} if code cannot be generated, or a file of this step has a type error */
async function build(project: string, { needs, files }: Step): Promise<void> {
  if (needs === "contract") return;
  const complaint = await generate(project);
  if (complaint !== undefined) {
    throw new Miss("Code could not be generated: buf generate failed", { printed: complaint });
  }
  if (needs === "generated code") return;
  const errors = (await compile(project)).filter(({ file }) => files.includes(file) || file === TSCONFIG);
  const [first] = errors;
  if (first === undefined) return;
  throw new Miss("TypeScript found an error", {
    seen: errors.map(({ file, line, text }) => `${file}:${line} ${text}`).join("\n"),
    at: first,
  });
}
