import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PROGRESS } from "./progress.js";
import { packageRoot, stepFolders, type Tree } from "./tree.js";

/** What git should not see in a learner's project. Not a file of completed/: npm leaves such files out of packages. */
const IGNORED = "node_modules/\ndist/\ngen/\n.lab/\n";

/** Writes a tree's files into a folder; what else lies there stays. */
export function writeTree(folder: string, tree: Tree): void {
  for (const [path, text] of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Makes a learner's project in a folder: the files of a tree, the texts of the steps, and what git needs. */
export function writeProject(folder: string, tree: Tree): void {
  writeTree(folder, tree);
  for (const step of stepFolders()) {
    mkdirSync(join(folder, "steps"), { recursive: true });
    copyFileSync(join(step, "step.md"), join(folder, "steps", `${basename(step)}.md`));
  }
  copyFileSync(join(packageRoot, "closing.md"), join(folder, "steps/closing.md"));
  writeFileSync(join(folder, ".gitignore"), IGNORED);
  // By it the project is found, whatever the learner deletes.
  mkdirSync(dirname(join(folder, PROGRESS)), { recursive: true });
}
