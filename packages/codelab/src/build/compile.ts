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
  watchPlaces(project);
  const diagnostics = parseDiagnostics(ran.text);
  if (!ran.isOk && diagnostics.length === 0) throw new Error(`tsc failed:\n${ran.text}`);
  return diagnostics;
}

/** Puts loadPlaces() of ours in front of the learner's places.js: it can be longer, and counts how far it was read. */
function watchPlaces(project: string): void {
  const compiled = join(project, BUILD, "places.js");
  if (!existsSync(compiled)) return;
  renameSync(compiled, join(project, BUILD, "places.given.js"));
  const watched = new URL("../program/watched-places.js", import.meta.url).href;
  writeFileSync(
    compiled,
    `export * from "./places.given.js";\nexport { loadPlaces } from ${JSON.stringify(watched)};\n`,
  );
}
