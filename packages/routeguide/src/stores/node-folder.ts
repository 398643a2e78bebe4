import { existsSync, mkdirSync, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { reasonOf } from "../node-reason.js";

/**
 * Makes a folder and those above it, where they are missing. One by one: Node's own recursive mkdir does not return for a path
 * below /proc.
 *
 * @returns what is wrong, for people; undefined if the folder is there
 */
export function makeFolder(path: string): string | undefined {
  try {
    const found = statIfThere(path);
    if (found !== undefined) return found.isDirectory() ? undefined : `${path} is a file, expected a folder`;
    const above = dirname(path) === path ? undefined : makeFolder(dirname(path));
    if (above === undefined) mkdirSync(path);
    return above;
  } catch (error) {
    return `cannot make ${path}: ${reasonOf(error)}`;
  }
}

/** Node 22 says of what is below a file, too, that nothing is there; Node 20 throws. */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** The file that names all others of a LevelDB folder. It is there before any file with data. */
const ENTRY = "CURRENT";

/**
 * Whether a folder holds data of LevelDB that nothing names any more. LevelDB would take it for an empty one, and delete them.
 */
export function hasLostEntry(path: string): boolean {
  const names = readdirSync(path);
  return !names.includes(ENTRY) && names.some((name) => /^\d+\.(log|ldb|sst)$/.test(name));
}

/**
 * How many damaged bytes LevelDB left out when it opened a folder, as it writes into its file LOG, which it begins anew each time. It
 * leaves them out without a word to the caller. What is missing at the end of a file it does not count: it ends like one that a crash cut
 * off.
 */
export function damagedBytes(path: string): number {
  const file = join(path, "LOG");
  const log = existsSync(file) ? readFileSync(file, "utf8") : "";
  return [...log.matchAll(/: dropping (\d+) bytes; /g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}
