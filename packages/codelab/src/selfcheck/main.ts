/** The self-check of the codelab: holds every step to its own check, as rustlings does with its exercises. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Failure, runStep } from "../check/run-step.js";
import { parseAnswers } from "../project/answers.js";
import { packageRoot, stepFolders, type Tree, treeAt } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";
import { reportFailure } from "../report/failure.js";
import { STEPS } from "../steps.js";
import { treeWith } from "./variants.js";

/** Projects that are checked at the same time. */
const WORKERS = 2;
/** What rustlings' maintainers would ask for, and our issue does. */
const LEAST = { mutants: 5, alternatives: 2, hints: 3 } as const;

interface Case {
  readonly title: string;
  readonly step: number;
  readonly tree: Tree;
  /** What the check must say; undefined: nothing, it must pass. */
  readonly message: string | undefined;
}

const only = process.argv.slice(2).map(Number);
let passed = 0;
let failed = 0;

function tell(title: string, complaint: string | undefined): void {
  if (complaint === undefined) {
    passed++;
    return;
  }
  failed++;
  console.log(`failed: ${title}\n${complaint}\n`);
}

const cases: Case[] = [];
for (const [i] of STEPS.entries()) {
  const number = i + 1;
  if (only.length > 0 && !only.includes(number)) continue;
  cases.push(...casesOf(number));
}
await Promise.all(Array.from({ length: WORKERS }, work));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function casesOf(number: number): Case[] {
  const folder = stepFolders()[number - 1] ?? "";
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const alternatives = parseAnswers(read("alternatives.md"));
  const mutants = parseAnswers(read("mutants.md"));
  tell(
    `${name}: enough variants`,
    alternatives.length < LEAST.alternatives ? `${alternatives.length} alternatives` : undefined,
  );
  tell(`${name}: enough mutants`, mutants.length < LEAST.mutants ? `${mutants.length} mutants` : undefined);
  const hints = read("hints.md").split(/^## /m).length - 1;
  tell(`${name}: three hints`, hints === LEAST.hints ? undefined : `${hints} hints`);
  return [
    { title: `${name}: fails unsolved`, step: number, tree: treeAt(number - 1), message: "" },
    { title: `${name}: passes solved`, step: number, tree: treeAt(number), message: undefined },
    { title: `${name}: passes when all is solved`, step: number, tree: treeAt(STEPS.length), message: undefined },
    ...alternatives.map((alternative) => ({
      title: `${name}: passes: ${alternative.title}`,
      step: number,
      tree: treeWith(number, alternative),
      message: undefined,
    })),
    ...mutants.map((mutant) => ({
      title: `${name}: catches: ${mutant.title}`,
      step: number,
      tree: treeWith(number, mutant),
      message: mutant.message || "(the mutant does not say what the check must say)",
    })),
  ];
}

/** Takes one case after the other, in a project below this package: its node_modules serve all. */
async function work(): Promise<void> {
  for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
    const { title, step, tree, message } = next;
    const checked = STEPS[step - 1];
    if (checked === undefined) throw new Error(`there is no step ${step}`);
    const folder = join(packageRoot, ".cache");
    mkdirSync(folder, { recursive: true });
    const project = mkdtempSync(join(folder, "selfcheck-"));
    try {
      writeProject(project, tree);
      const { failure } = await runStep(project, checked);
      tell(title, complaintOf(failure, message));
    } catch (error) {
      tell(title, error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  }
}

function complaintOf(failure: Failure | undefined, message: string | undefined): string | undefined {
  if (failure === undefined) return message === undefined ? undefined : "the check passed";
  if (message === undefined) return reportFailure(failure, { columns: 80, color: false });
  return failure.miss.message.includes(message)
    ? undefined
    : `the check said: ${failure.miss.message}\nwanted: ${message}`;
}
