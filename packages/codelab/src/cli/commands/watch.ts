import { currentStep, readProgress } from "../../project/progress.js";
import { watchSaves } from "../../project/saves.js";
import { STEPS } from "../../steps.js";
import type { Command } from "../command.js";
import { paint } from "../terminal.js";
import { checkStep } from "./check.js";

export const watch: Command = {
  usage: "watch",
  help: "checks whenever you save a file; Ctrl-C ends it",
  async run({ project, terminal, interrupt }) {
    let wake = () => {};
    const stop = watchSaves(project, () => wake());
    interrupt.addEventListener("abort", () => wake());
    try {
      while (!interrupt.aborted) {
        const number = currentStep(readProgress(project), STEPS.length);
        if (number === undefined) return 0;
        // What is saved while a check runs is checked after it.
        const saved = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const hasPassed = await checkStep({ project, terminal }, number);
        if (hasPassed) continue;
        terminal.print(paint(terminal).dim("Save a file, and it is checked again."));
        await saved;
      }
      return 0;
    } finally {
      stop();
    }
  },
};
