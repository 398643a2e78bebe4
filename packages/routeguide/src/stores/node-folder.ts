import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "../node-reason.js";

/**
 * Makes a folder and those above it, where they are missing. One by one: Node's own recursive mkdir does not return for a path
 * below /proc.
 *
 * @returns what is wrong, for people; undefined if the folder is there
 */
export function makeFolder(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) return found.isDirectory() ? undefined : `${path} is a file, expected a folder`;
    const above = dirname(path) === path ? undefined : makeFolder(dirname(path));
    if (above === undefined) mkdirSync(path);
    return above;
  } catch (error) {
    return `cannot make ${path}: ${reasonOf(error)}`;
  }
}
