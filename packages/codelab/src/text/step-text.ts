/** What a step's folder says: its text, its hints. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stepFolders } from "../project/tree.js";

export interface StepText {
  /** The step's number. */
  readonly number: number;
  /** `05_get_feature`. */
  readonly name: string;
  /** The whole text, in Markdown. */
  readonly markdown: string;
  /** From nudge to nearly the answer. */
  readonly hints: readonly string[];
}

/** @throws if there is no step of this number */
export function stepText(number: number): StepText {
  const folder = stepFolders()[number - 1];
  if (folder === undefined) throw new RangeError(`there is no step ${number}`);
  const markdown = readFileSync(join(folder, "step.md"), "utf8");
  const hints = readFileSync(join(folder, "hints.md"), "utf8")
    .split(/^## .*\n/m)
    .slice(1)
    .map((hint) => hint.trim());
  return { number, name: basename(folder), markdown, hints };
}

/** What stands under a heading of the second level; "" if there is none. */
export function section(markdown: string, heading: string): string {
  const parts = markdown.split(/^## /m).slice(1);
  const part = parts.find((part) => part.startsWith(`${heading}\n`));
  return part === undefined ? "" : part.slice(heading.length).trim();
}
