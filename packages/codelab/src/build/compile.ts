/** Compiling the learner's TypeScript for the lab: into .lab/build, never into the learner's own folders. */
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, parseDiagnostics } from "./diagnostic.js";
import { installed } from "./installed.js";
import { runTool } from "./tool.js";

/** Where the compiled programs lie, relative to the project. */
export const BUILD = ".lab/build";

/** Compiles everything that can be compiled, and tells what is wrong with the rest. */
export async function compile(project: string): Promise<readonly Diagnostic[]> {
  rmSync(join(project, BUILD), { recursive: true, force: true });
  const ran = await runTool(project, installed(project, "typescript/bin/tsc"), [
    ...["-p", "tsconfig.json", "--outDir", BUILD, "--rootDir", "."],
    ...["--sourceMap", "--noEmit", "false", "--noEmitOnError", "false", "--pretty", "false"],
  ]);
  watchGiven(project);
  const diagnostics = parseDiagnostics(ran.text);
  if (!ran.isOk && diagnostics.length === 0) throw new Error(`tsc failed:\n${ran.text}`);
  return diagnostics;
}

/**
 * Puts classes and functions of ours in front of those that the project was given: they do the same, and count what the learner's
 * code does with them.
 */
function watchGiven(project: string): void {
  const url = (file: string) => JSON.stringify(new URL(`../program/${file}`, import.meta.url).href);
  replace(project, "places", `export { loadPlaces } from ${url("watched-places.js")};`);
  replace(
    project,
    "mailbox",
    `import { Mailbox as Given } from "./mailbox.given.js";
import { watchMailbox } from ${url("watched-mailbox.js")};
export const Mailbox = watchMailbox(Given);`,
  );
}

/** What the script says goes before what the given module exports. */
function replace(project: string, name: string, script: string): void {
  const compiled = join(project, BUILD, `${name}.js`);
  if (!existsSync(compiled)) return;
  renameSync(compiled, join(project, BUILD, `${name}.given.js`));
  writeFileSync(compiled, `export * from "./${name}.given.js";\n${script}\n`);
}
