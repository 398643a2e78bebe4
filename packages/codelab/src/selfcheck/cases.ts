/** What each step's check is held to. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseAnswers } from "../project/answers.js";
import { stepFolders, type Tree, treeAt } from "../project/tree.js";
import { STEPS } from "../steps.js";
import { treeWith } from "./variants.js";

export interface Case {
  readonly title: string;
  readonly step: number;
  readonly tree: () => Tree;
  /** What the check must say, in part; undefined: nothing, it must pass. */
  readonly message: string | undefined;
}

/** Unsolved fails; solved, all solved and each alternative pass; each mutant is caught with its message. */
export function casesOf(step: number): readonly Case[] {
  const folder = stepFolders()[step - 1] ?? "";
  const name = basename(folder);
  const answers = (file: string) => parseAnswers(readFileSync(join(folder, file), "utf8"));
  const passes = (title: string, tree: () => Tree): Case => ({
    title: `${name}: ${title}`,
    step,
    tree,
    message: undefined,
  });
  return [
    { title: `${name}: fails unsolved`, step, tree: () => treeAt(step - 1), message: "" },
    passes("passes solved", () => treeAt(step)),
    passes("passes when all is solved", () => treeAt(STEPS.length)),
    ...answers("alternatives.md").map((answer) => passes(`passes: ${answer.title}`, () => treeWith(step, answer))),
    ...answers("mutants.md").map((answer) => ({
      title: `${name}: catches: ${answer.title}`,
      step,
      tree: () => treeWith(step, answer),
      message: answer.message,
    })),
  ];
}
