/** Where in the learner's files the reason for a failure is likely to be found. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { MissDetails } from "./miss.js";

export interface Line {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A frame of a stack trace, `at fn (PLACE)` or `at PLACE`, and the place, mapped to its source: `/project/service.ts:12:5`. */
const FRAME = /^\s+at (?:.*? \((.+)\)|(?:async )?(.+))$/gm;
const PLACE = /^(?:file:\/\/)?(.+\.ts):(\d+):\d+$/;

/** From a stack trace that the program printed, or else from what the check suspects. */
export function likelyLine(project: string, { printed = "", at }: MissDetails): Line | undefined {
  const own = realpathSync(project);
  for (const [, inside, alone = ""] of printed.matchAll(FRAME)) {
    const [, path = "", line = ""] = PLACE.exec(inside ?? alone) ?? [];
    // Packages have a server.ts and a client.ts, too.
    const found = dirname(path) === own ? lineOf(project, basename(path), Number(line)) : undefined;
    if (found !== undefined) return found;
  }
  if (at === undefined || !existsSync(join(project, at.file))) return undefined;
  const lines = readFileSync(join(project, at.file), "utf8").split("\n");
  const { line: wanted } = at;
  const index = typeof wanted === "number" ? wanted - 1 : indexOf(wanted, lines);
  return index < 0 ? undefined : { file: at.file, line: index + 1, text: lines[index] ?? "" };
}

/** What is imported is rarely the reason, and a task that is solved leaves its comment behind. */
const NO_REASON = /^\s*(import |\/\/|\/?\*)/;

/** The first line that matches: of code, if one does. */
function indexOf(wanted: RegExp, lines: readonly string[]): number {
  const found = lines.findIndex((line) => wanted.test(line) && !NO_REASON.test(line));
  return found < 0 ? lines.findIndex((line) => wanted.test(line)) : found;
}

function lineOf(project: string, file: string, line: number): Line | undefined {
  const path = join(project, file);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8").split("\n")[line - 1];
  return text === undefined ? undefined : { file, line, text };
}
