import { readProgress, writeProgress } from "../../project/progress.js";
import { wrapProse } from "../../report/wrap.js";
import { stepText } from "../../text/step-text.js";
import type { Command } from "../command.js";
import { stepOf } from "../current.js";

export const hint: Command = {
  usage: "hint [STEP]",
  help: "the next of three hints, up to nearly the answer",
  async run(context) {
    const { project, terminal } = context;
    const number = stepOf(context);
    if (number === undefined) return 0;
    const progress = readProgress(project);
    const { hints } = stepText(number);
    const shown = Math.min(progress.hints[number] ?? 0, hints.length - 1);
    terminal.print(`Hint ${shown + 1} of ${hints.length} to step ${number}`);
    terminal.print(wrapProse(hints[shown] ?? "", terminal.columns).join("\n"));
    if (shown + 1 === hints.length) terminal.print("\nThis was the last one: npx lab diff shows the solution.");
    writeProgress(project, { ...progress, hints: { ...progress.hints, [number]: shown + 1 } });
    return 0;
  },
};
