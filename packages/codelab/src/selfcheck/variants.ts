/**
 * Answers to a step other than completed/, as its folder's Markdown holds them: mutants.md wrong ones, each with what the check must
 * say of it, alternatives.md right ones.
 */
import type { Answer, Fence } from "../project/answers.js";
import { parseRegions, regionsOf, textAt } from "../project/regions.js";
import { answersFor, sources, type Tree, treeAt } from "../project/tree.js";

/** The project with this answer to a step, and the reference's answers to the steps before it. */
export function treeWith(step: number, { fences }: Answer): Tree {
  const tree = new Map(treeAt(step));
  for (const file of new Set(fences.map(({ file }) => file))) {
    const wanted = fences.filter((fence) => fence.file === file);
    tree.set(file, wanted.find(({ region }) => region === "*")?.content ?? replaced(step, file, wanted));
  }
  return tree;
}

/** @throws {Error} if the step has no such region in the file */
function replaced(step: number, file: string, wanted: readonly Fence[]): string {
  const parts = parseRegions(sources().get(file) ?? "");
  const regions = regionsOf(parts, step);
  for (const { region } of wanted) {
    if (Number(region) > regions.length) throw new Error(`step ${step} has ${regions.length} regions in ${file}`);
  }
  return textAt(parts, step, {
    ...answersFor(file),
    instead: (region) => wanted.find((fence) => regions.indexOf(region) + 1 === fence.region)?.content,
  });
}
