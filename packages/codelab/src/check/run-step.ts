/** Checks one step of the learner's project. */
import { TSCONFIG } from "../build/compile.js";
import { whileBuilding } from "../project/lock.js";
import type { RecordedCall, WireEvent } from "../wire/recording.js";
import { buildPrograms, generateCode } from "./build-programs.js";
import { explain } from "./explain.js";
import { Lab } from "./lab.js";
import { type Line, likelyLine } from "./likely-line.js";
import { Miss } from "./miss.js";
import { missingFile } from "./missing-file.js";
import type { Check, Step } from "./step.js";

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
  const missing = missingFile(project);
  if (missing !== undefined) {
    const title = "the project has all its files";
    return { passed: [], failure: { title, miss: missing, line: undefined, calls: [], events: [] } };
  }
  const build: Check = {
    title: "the project builds",
    run: () => whileBuilding(project, () => buildFor(project, step)),
  };
  // The contract is looked at as it is written.
  const verdict = await runTogether(project, step.needs === "contract" ? [] : [build], watcher);
  if (verdict.failure !== undefined) return verdict;
  const run = step.areApart === true ? runApart : runTogether;
  const { passed, failure } = await run(project, step.checks, watcher);
  return { passed: [...verdict.passed, ...passed], failure };
}

/** One after the other; what a check leaves running is there for the next. */
async function runTogether(project: string, checks: readonly Check[], watcher: Watcher): Promise<Verdict> {
  await using lab = new Lab(project);
  const passed: string[] = [];
  for (const check of checks) {
    watcher.begins?.(check.title, lab);
    const failure = await failureOf(check, lab);
    if (failure !== undefined) return { passed, failure };
    passed.push(check.title);
    watcher.passes?.(check.title);
    await lab.nextCheck();
  }
  return { passed, failure: undefined };
}

/** All at once, each in a lab of its own; told in their order. */
async function runApart(project: string, checks: readonly Check[], watcher: Watcher): Promise<Verdict> {
  const begun = checks.map((check) => {
    const lab = new Lab(project);
    return { check, lab, failure: failureOf(check, lab) };
  });
  const settled = Promise.allSettled(begun.map(({ failure }) => failure));
  try {
    const passed: string[] = [];
    for (const { check, lab, failure } of begun) {
      watcher.begins?.(check.title, lab);
      const found = await failure;
      if (found !== undefined) return { passed, failure: found };
      passed.push(check.title);
      watcher.passes?.(check.title);
    }
    return { passed, failure: undefined };
  } finally {
    // Whoever still starts a program would do so after its lab is closed: each comes to its end first.
    await settled;
    for (const { lab } of begun) await lab[Symbol.asyncDispose]();
  }
}

/** @throws if the lab itself is broken */
async function failureOf({ title, run }: Check, lab: Lab): Promise<Failure | undefined> {
  try {
    await run(lab);
    return undefined;
  } catch (error) {
    const miss = await explain(error, lab);
    if (miss === undefined) throw error;
    const { calls } = lab.recording;
    // A connection that is lost while the server goes on is one that the check has closed.
    const isLost = lab.running?.program.end !== undefined;
    const events = lab.recording.events.filter(({ kind }) => kind !== "lost" || isLost);
    return { title, miss, line: likelyLine(lab.project, miss.details), calls, events };
  }
}

/** @throws {Miss} if code cannot be generated, or a file of this step has a type error */
async function buildFor(project: string, { needs, files }: Step): Promise<void> {
  if (needs !== "programs") return generateCode(project);
  const errors = (await buildPrograms(project)).filter(({ file }) => files.includes(file) || file === TSCONFIG);
  const [first] = errors;
  if (first === undefined) return;
  throw new Miss("TypeScript found an error", {
    seen: errors.map(({ file, line, text }) => `${file}:${line} ${text}`).join("\n"),
    at: first,
  });
}
