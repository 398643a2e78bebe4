import { existsSync } from "node:fs";
import { join } from "node:path";
import { treeAt } from "../project/tree.js";
import { Miss } from "./miss.js";

/** What to tell if a file of the project is gone: compilers would name whoever imports it. Undefined if all are there. */
export function missingFile(project: string): Miss | undefined {
  const missing = [...treeAt(0).keys()].find((path) => !existsSync(join(project, path)));
  if (missing === undefined) return undefined;
  return new Miss(`${missing} is not there any more`, {
    expected: "npx lab reset gives you the files that a step begins with, and keeps what you have",
  });
}
