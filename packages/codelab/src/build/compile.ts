/** Compiling the learner's TypeScript for the lab: into a folder in .lab/build, never into the learner's own folders. */
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../project/lock.js";
import { type Diagnostic, parseDiagnostics } from "./diagnostic.js";
import { installed } from "./installed.js";
import { runTool } from "./tool.js";

const BUILDS = ".lab/build";
/** Where the compiled programs lie, relative to the project: each process of the lab has a folder, and so its programs stay. */
export const BUILD = `${BUILDS}/${process.pid}`;

/** What is wrong with this file is wrong with the whole project. */
export const TSCONFIG = "tsconfig.json";

/** Compiles everything that can be compiled, and tells what is wrong with the rest. */
export async function compile(project: string): Promise<readonly Diagnostic[]> {
  removeOld(project);
  const ran = await runTool(project, installed(project, "typescript/bin/tsc"), [
    ...["-p", TSCONFIG, "--outDir", BUILD, "--rootDir", "."],
    ...["--sourceMap", "--noEmit", "false", "--noEmitOnError", "false", "--pretty", "false"],
  ]);
  watchGiven(project);
  const diagnostics = parseDiagnostics(ran.text);
  if (ran.isOk || diagnostics.length > 0) return diagnostics;
  return [{ file: TSCONFIG, line: 1, text: ran.text.trim() }];
}

/** Removes what this process has compiled before, and what others have left. */
function removeOld(project: string): void {
  const folder = join(project, BUILDS);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (Number(name) === process.pid || !isAlive(Number(name)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
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
