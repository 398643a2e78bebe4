// npm start: installs what is missing, builds what is stale, serves until npm ends.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt } from "./build.js";
import { root, script } from "./step.js";

/** How often to see whether npm's shell still runs. */
const PARENT_CHECK_MS = 500;

await script(async () => {
  await ensureBuilt();
  if (process.env["npm_lifecycle_event"] === "start") endWithParent(process.ppid);
  process.argv = [
    process.execPath,
    join(root, "packages/routeguide/bin/routeguide.js"),
    "serve",
    ...process.argv.slice(2),
  ];
  await import(pathToFileURL(join(root, "packages/routeguide/bin/routeguide.js")).href);
});

/**
 * npm gives a SIGTERM to the shell between it and this process, and the shell does not pass it on: it is gone. Nothing else ends
 * that shell before us, not even closing its terminal under nohup.
 *
 * @param {number} parent its process
 */
function endWithParent(parent) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}
