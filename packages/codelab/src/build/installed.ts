/** Programs in the learner's node_modules, or in those of a folder above: found without npm. */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Something that the project should have installed is not there. */
export class NotInstalled extends Error {}

/**
 * A file in a package.
 *
 * @throws {NotInstalled}
 */
export function installed(project: string, path: string): string {
  for (const folder of modulesAbove(project)) {
    const file = join(folder, path);
    if (existsSync(file)) return file;
  }
  throw new NotInstalled(`${path} is not installed in ${project}: run npm install there`);
}

/** PATH, with the programs that packages bring first, as npm has it when it runs a script. */
export function pathWithBins(project: string): string {
  const bins = modulesAbove(project).map((folder) => join(folder, ".bin"));
  return [...bins, process.env["PATH"] ?? ""].join(delimiter);
}

function modulesAbove(project: string): string[] {
  const folders: string[] = [];
  for (let folder = project; ; folder = dirname(folder)) {
    folders.push(join(folder, "node_modules"));
    if (dirname(folder) === folder) return folders;
  }
}
