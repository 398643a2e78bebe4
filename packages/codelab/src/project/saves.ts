import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps; what follows this soon is the same save, in milliseconds. */
const SAME_SAVE_MS = 40;
/** Where the learner writes. Not node_modules, and not what the checks make. */
const FOLDERS = [".", "routeguide"];
const WRITTEN = /\.(ts|proto|yaml|json)$/;

/** Calls back whenever the learner has saved a file, until the function that is returned is called. */
export function watchSaves(project: string, onSave: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = FOLDERS.map(
    (folder): FSWatcher =>
      watch(join(project, folder), (_event, file) => {
        if (file === null || !WRITTEN.test(file)) return;
        clearTimeout(timer);
        timer = setTimeout(onSave, SAME_SAVE_MS);
      }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
