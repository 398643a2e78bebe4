// npm start: installs what is missing, builds what is stale, serves.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt } from "./build.js";
import { root, script } from "./step.js";

await script(async () => {
  await ensureBuilt();
  process.argv = [
    process.execPath,
    join(root, "packages/routeguide/bin/routeguide.js"),
    "serve",
    ...process.argv.slice(2),
  ];
  await import(pathToFileURL(join(root, "packages/routeguide/bin/routeguide.js")).href);
});
