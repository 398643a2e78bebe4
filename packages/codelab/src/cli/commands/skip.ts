import { readProgress, withSkipped, writeProgress } from "../../project/progress.js";
import { STEPS } from "../../steps.js";
import type { Command } from "../command.js";
import { stepOf } from "../current.js";
import { introduce } from "./status.js";

export const skip: Command = {
  usage: "skip",
  help: "goes on to the next step; your files stay as they are",
  async run(context) {
    const { project, terminal } = context;
    const number = stepOf(context);
    if (number === undefined) return 0;
    writeProgress(project, withSkipped(readProgress(project), number));
    const solution =
      number < STEPS.length
        ? `\`lab reset ${number + 1}\` gives you files in which it is solved.`
        : `\`lab diff ${number}\` shows how it is solved.`;
    terminal.print(`Step ${number} is skipped. ${solution}`);
    terminal.print();
    introduce(context);
    return 0;
  },
};
