// npm run codelab [-- COMMAND ...]: installs and builds what is missing, makes the learner's project in this repository, and runs the
// lab in it. The project needs no installation of its own: what it imports is found in the folders above.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt } from "./build.js";
import { root, script } from "./step.js";

/** Ignored by git. */
const PROJECT = join(root, "my-routeguide");

await script(async () => {
  await ensureBuilt();
  const codelab = pathToFileURL(join(root, "packages/codelab/dist/src/")).href;
  const args = process.argv.slice(2);
  const isHelp = ["help", "--help", "-h"].includes(args[0] ?? "");
  if (!existsSync(PROJECT) && !isHelp) {
    process.argv = [process.execPath, "create-routeguide", PROJECT, "--no-install"];
    await import(new URL("cli/create.js", codelab).href);
    // The project is made, and has said what is to be done in it.
    if (args.length === 0) return;
  }
  if (existsSync(PROJECT)) process.chdir(PROJECT);
  process.argv = [process.execPath, "lab", ...args];
  await import(new URL("cli/main.js", codelab).href);
});
