/** Where in the learner's files the reason for a failure is likely to be found. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MissDetails } from "./miss.js";

export interface Line {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A frame of a stack trace, mapped to its source: `at fn (/project/service.ts:12:5)`. */
const FRAME = /^\s+at .*?[/\\](\w+\.ts):(\d+):\d+\)?$/gm;

/** From a stack trace that the program printed, or else from what the check suspects. */
export function likelyLine(project: string, { printed = "", at }: MissDetails): Line | undefined {
  for (const [, file = "", line = ""] of printed.matchAll(FRAME)) {
    const found = lineOf(project, file, Number(line));
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
