/** The learner's project as it is at any step, derived from completed/. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAnswers } from "./answers.js";
import { type Answers, parseRegions, type Region, regionsOf, textAt } from "./regions.js";

/** The package: two folders above dist/src/project. */
export const packageRoot: string = fileURLToPath(new URL("../../../", import.meta.url));
const completed = join(packageRoot, "completed");
const stepsFolder = join(packageRoot, "steps");

/** Files with their paths in the project, `/` between folders. */
export type Tree = ReadonlyMap<string, string>;

/** The folders of the steps in their order; a folder's number is its step's. */
export function stepFolders(): readonly string[] {
  return readdirSync(stepsFolder)
    .filter((name) => /^\d\d_/.test(name))
    .sort()
    .map((name) => join(stepsFolder, name));
}

/** The project when the steps up to and including this one are solved; 0: as the learner gets it. */
export function treeAt(step: number): Tree {
  return mapSources((text, path) => textAt(parseRegions(text), step, answersFor(path)));
}

/** What stands in the regions of a file before their time. */
export function answersFor(path: string): Answers {
  return { earlier: (was, until) => earlierOf(was, until, path) };
}

/** The regions of one step, by file. */
export function regionsAt(step: number): ReadonlyMap<string, readonly Region[]> {
  const found = [...sources()].map(([path, text]) => [path, regionsOf(parseRegions(text), step)] as const);
  return new Map(found.filter(([, regions]) => regions.length > 0));
}

/** completed/ itself: with the regions marked. */
export function sources(): Tree {
  return mapSources((text) => text);
}

function mapSources(change: (text: string, path: string) => string): Tree {
  const files = readdirSync(completed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file.slice(completed.length + 1).replaceAll("\\", "/"), file] as const)
    .filter(([path]) => !/^(node_modules|gen|dist|\.lab)\//.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(files.map(([path, file]) => [path, change(readFileSync(file, "utf8"), path)]));
}

/** What stood in a file's region from step `was` until the step before `until`: the step's before.md has it. */
function earlierOf(was: number, until: number, path: string): string {
  const number = String(was).padStart(2, "0");
  const folder = stepFolders().find((folder) => basename(folder).startsWith(number)) ?? "";
  const answers = parseAnswers(readFileSync(join(folder, "before.md"), "utf8"));
  const answer = answers.find(({ title }) => title === `until step ${until}`);
  const fence = answer?.fences.find(({ file }) => file === path);
  if (fence === undefined) throw new Error(`${folder}/before.md has nothing for ${path} until step ${until}`);
  return fence.content;
}
