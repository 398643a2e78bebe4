import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readProgress, resetTo, writeProgress } from "../../project/progress.js";
import { treeAt } from "../../project/tree.js";
import { writeTree } from "../../project/write-tree.js";
import type { Command } from "../command.js";
import { stepOf } from "../current.js";
import { introduce } from "./status.js";

export const reset: Command = {
  usage: "reset [STEP]",
  help: "the files a step begins with; what you have is kept",
  async run(context) {
    const { project, terminal } = context;
    const number = stepOf(context);
    if (number === undefined) return 0;
    const tree = new Map([...treeAt(number - 1)].filter(([path, text]) => textOf(project, path) !== text));
    const backup = join(".lab/backup", new Date().toISOString().replaceAll(":", "-"));
    for (const path of tree.keys()) {
      if (!existsSync(join(project, path))) continue;
      mkdirSync(dirname(join(project, backup, path)), { recursive: true });
      cpSync(join(project, path), join(project, backup, path));
    }
    writeTree(project, tree);
    writeProgress(project, resetTo(readProgress(project), number));
    const isKept = existsSync(join(project, backup));
    terminal.print(written(tree.size) + (isKept ? ` What was in them lies in ${backup}.` : ""));
    terminal.print();
    introduce(context);
    return 0;
  },
};

function written(files: number): string {
  if (files === 0) return "All files are as this step begins.";
  return files === 1 ? "1 file written." : `${files} files written.`;
}

function textOf(project: string, path: string): string | undefined {
  const file = join(project, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
