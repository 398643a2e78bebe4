import { type FSWatcher, watch as watchFolder } from "node:fs";
import { join } from "node:path";
import { currentStep, readProgress } from "../../project/progress.js";
import { STEPS } from "../../steps.js";
import type { Command } from "../command.js";
import { paint } from "../terminal.js";
import { checkStep } from "./check.js";

/** Editors write a file in several steps; what follows this soon is the same save. */
const SAME_SAVE_MS = 40;
/** Where the learner writes. Not node_modules, and not what the checks make. */
const FOLDERS = [".", "routeguide"];
const WRITTEN = /\.(ts|proto|yaml|json)$/;

export const watch: Command = {
  usage: "watch",
  help: "checks whenever you save a file; Ctrl-C ends it",
  async run({ project, terminal, interrupt }) {
    let wake = () => {};
    const watchers = FOLDERS.map((folder) => watchFiles(join(project, folder), () => wake()));
    interrupt.addEventListener("abort", () => wake());
    try {
      while (!interrupt.aborted) {
        const number = currentStep(readProgress(project), STEPS.length);
        if (number === undefined) return 0;
        // What is saved while a check runs is checked after it.
        let isSaved = false;
        const saved = new Promise<void>((resolve) => {
          wake = () => {
            isSaved = true;
            resolve();
          };
        });
        const hasPassed = await checkStep({ project, terminal }, number);
        if (hasPassed) continue;
        if (!isSaved) terminal.print(paint(terminal).dim("Waiting for you to save a file."));
        await saved;
      }
      return 0;
    } finally {
      for (const watcher of watchers) watcher.close();
    }
  },
};

function watchFiles(folder: string, onSave: () => void): FSWatcher {
  let timer: NodeJS.Timeout | undefined;
  return watchFolder(folder, (_event, file) => {
    if (file === null || !WRITTEN.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(onSave, SAME_SAVE_MS);
  });
}
