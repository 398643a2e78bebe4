import { mkdirSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRESS } from "./progress.js";

/** Editors write a file in several steps; what follows this soon is the same save, in milliseconds. */
const SAME_SAVE_MS = 40;
/** Where the learner writes. Not node_modules, and not what the checks make. */
const FOLDERS = [".", "routeguide"];
const WRITTEN = /\.(ts|proto|yaml|json)$/;

/** Calls back whenever the learner has saved a file, until the function that is returned is called. */
export function watchSaves(project: string, onSave: () => void): () => void {
  const folders = FOLDERS.map((folder) => join(project, folder));
  return watchFolders(folders, (file) => WRITTEN.test(file), onSave);
}

/** The same whenever what is kept of the learner's progress has changed: by a check, or by `lab skip`. */
export function watchProgress(project: string, onChange: () => void): () => void {
  const folder = join(project, dirname(PROGRESS));
  mkdirSync(folder, { recursive: true });
  return watchFolders([folder], (file) => PROGRESS.endsWith(`/${file}`), onChange);
}

function watchFolders(folders: readonly string[], isMeant: (file: string) => boolean, onChange: () => void) {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    watch(folder, (_event, file) => {
      if (file === null || !isMeant(file)) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, SAME_SAVE_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
