import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { regionsAt, treeAt } from "../../project/tree.js";
import { diffLines } from "../../report/diff-lines.js";
import { clip } from "../../report/wrap.js";
import type { Command } from "../command.js";
import { stepOf } from "../current.js";
import { paint } from "../terminal.js";

export const diff: Command = {
  usage: "diff [STEP]",
  help: "what the solution has that your files do not",
  async run(context) {
    const { project, terminal } = context;
    const number = stepOf(context);
    if (number === undefined) return 0;
    const { red, green, cyan, bold } = paint(terminal);
    const solved = treeAt(number);
    for (const path of regionsAt(number).keys()) {
      const file = join(project, path);
      const own = existsSync(file) ? readFileSync(file, "utf8") : "";
      const lines = diffLines(own, solved.get(path) ?? "");
      terminal.print(
        bold(`${path}: ${lines.length === 0 ? "as the solution has it" : "- is yours, + is the solution's"}`),
      );
      for (const line of lines) {
        const color = line.startsWith("+") ? green : line.startsWith("-") ? red : line.startsWith("@") ? cyan : String;
        // The learner knows their own lines; those of the solution are whole, and fit 80 columns.
        terminal.print(color(line.startsWith("+") ? line : clip(line, terminal.columns)));
      }
    }
    return 0;
  },
};
