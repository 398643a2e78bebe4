/** How far a learner has come: .lab/progress.json in their project. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Progress {
  /** Steps that have passed, by number. */
  readonly done: readonly number[];
  readonly skipped: readonly number[];
  /** Steps that `lab reset` solved for the learner. */
  readonly given: readonly number[];
  /** How many hints of a step were shown. */
  readonly hints: Readonly<Record<string, number>>;
}

/** Where it is kept, relative to the project. */
export const PROGRESS = ".lab/progress.json";
const NONE: Progress = { done: [], skipped: [], given: [], hints: {} };

/** The project that a folder lies in: the nearest above where the lab has been, or that has the contract and the template. */
export function findProject(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const has = (path: string) => existsSync(join(at, path));
    if (has(dirname(PROGRESS)) || (has("buf.gen.yaml") && has("routeguide/route_guide.proto"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** What is kept; nothing if the file is missing or broken: it is only a convenience. */
export function readProgress(project: string): Progress {
  try {
    const { done, skipped, given, hints } = JSON.parse(
      readFileSync(join(project, PROGRESS), "utf8"),
    ) as Partial<Progress>;
    const lists = { done: numbers(done), skipped: numbers(skipped), given: numbers(given) };
    const shown = Object.entries(hints ?? {}).filter(([, count]) => isCount(count));
    return { ...lists, hints: Object.fromEntries(shown) };
  } catch {
    return NONE;
  }
}

export function writeProgress(project: string, progress: Progress): void {
  const file = join(project, PROGRESS);
  // Another terminal may read it just now: it is there whole, or not yet.
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, `${JSON.stringify(progress, undefined, 2)}\n`);
  renameSync(draft, file);
}

/** The first step that is neither done, skipped nor given; undefined if all are. */
export function currentStep({ done, skipped, given }: Progress, steps: number): number | undefined {
  const over = new Set([...done, ...skipped, ...given]);
  for (let step = 1; step <= steps; step++) if (!over.has(step)) return step;
  return undefined;
}

export function withDone(progress: Progress, step: number): Progress {
  return {
    ...progress,
    done: [...new Set([...progress.done, step])].sort((a, b) => a - b),
    skipped: progress.skipped.filter((skipped) => skipped !== step),
  };
}

export function withSkipped(progress: Progress, step: number): Progress {
  return { ...progress, skipped: [...new Set([...progress.skipped, step])].sort((a, b) => a - b) };
}

/** As if the learner came to this step for the first time: those before it are solved, by whomever. */
export function resetTo({ done, hints }: Progress, step: number): Progress {
  const before = (number: number) => number < step;
  const doneBefore = done.filter(before);
  return {
    done: doneBefore,
    skipped: [],
    given: Array.from({ length: step - 1 }, (_, i) => i + 1).filter((number) => !doneBefore.includes(number)),
    hints: Object.fromEntries(Object.entries(hints).filter(([number]) => before(Number(number)))),
  };
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
const numbers = (value: unknown) => (Array.isArray(value) ? value.filter(isCount) : []);
