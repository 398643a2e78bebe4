/**
 * The self-check of the codelab: holds every step to its own check, as rustlings does with its exercises; tries programs of a bad day;
 * and walks through the whole lab. With arguments only a part: the steps of these numbers, --hostile, --walk.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Failure, runStep } from "../check/run-step.js";
import { packageRoot } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";
import { reportFailure } from "../report/failure.js";
import { STEPS } from "../steps.js";
import { type Case, casesOf } from "./cases.js";
import { tooWide } from "./command.js";
import { giveGenerated } from "./generated.js";
import { tryHostile } from "./hostile.js";
import { Tally } from "./tally.js";
import { walk } from "./walk.js";

/** Projects that are checked at the same time. Each has several programs: of more, all would be slow. */
const WORKERS = 2;

const PARTS = [...STEPS.map((_, i) => String(i + 1)), "--hostile", "--walk"];
const USAGE = `Usage: npm run codelab:selfcheck [-- [STEP ...] [--hostile] [--walk]]
Holds all steps to their checks, tries programs of a bad day, and walks through the whole lab; or does the parts that are named.`;

const args = process.argv.slice(2);
const wrong = args.find((arg) => !PARTS.includes(arg));
if (wrong !== undefined) {
  const isHelp = ["--help", "-h"].includes(wrong);
  if (isHelp) console.log(USAGE);
  else console.error(`Unexpected "${wrong}": expected some of ${PARTS.join(", ")}\n${USAGE}`);
  process.exit(isHelp ? 0 : 64);
}
const tally = new Tally();
const started = performance.now();
const wants = (part: string) => args.length === 0 || args.includes(part);
const steps = STEPS.map((_, i) => i + 1).filter((step) => wants(String(step)));
const cases = steps.flatMap(casesOf);
await Promise.all(Array.from({ length: WORKERS }, work));
if (wants("--hostile")) await tryHostile(tally.tell);
if (wants("--walk")) await walk(tally.tell);
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
tally.close();

/** Takes one case after the other, in projects below this package: its node_modules serve all. */
async function work(): Promise<void> {
  for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
    tally.tell(next.title, await complaintOf(next).catch((error: Error) => error.stack));
  }
}

async function complaintOf({ step, tree, message }: Case): Promise<string | undefined> {
  const checked = STEPS[step - 1];
  if (checked === undefined) throw new RangeError(`there is no step ${step}`);
  const folder = join(packageRoot, ".cache");
  mkdirSync(folder, { recursive: true });
  const project = mkdtempSync(join(folder, "selfcheck-"));
  try {
    writeProject(project, tree());
    await giveGenerated(project, step);
    return judge((await runStep(project, checked)).failure, message);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

function judge(failure: Failure | undefined, message: string | undefined): string | undefined {
  if (failure === undefined) return message === undefined ? undefined : "the check passed";
  const shown = reportFailure(failure, { columns: 80, color: false });
  if (message === undefined || tooWide(shown).length > 0) return shown;
  const said = failure.miss.message;
  return said.includes(message) ? undefined : `the check said: ${said}\nwanted: ${message}`;
}
