/** Does what `lab diff` says, as a learner would who types it off. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FILE = /^(\S+): - is yours, \+ is the solution's$/;
const SAME = /^\S+: as the solution has it$/;
const HUNK = /^@@ line (\d+)$/;

/**
 * Changes the project's files.
 *
 * @returns the files that were changed
 * @throws {Error} if the files are not what the diff says they are
 */
export function applyDiff(project: string, diff: string): string[] {
  const changed: string[] = [];
  const lines = diff.replace(/\n$/, "").split("\n");
  for (let at = 0; at < lines.length; ) {
    if (SAME.test(lines[at] ?? "")) {
      at++;
      continue;
    }
    const file = FILE.exec(lines[at] ?? "")?.[1];
    if (file === undefined) throw new Error(`lab diff says, outside of a file: ${lines[at]}`);
    const end = lines.findIndex((line, i) => i > at && (FILE.test(line) || SAME.test(line)));
    const own = lines.slice(at + 1, end < 0 ? lines.length : end);
    at += 1 + own.length;
    const path = join(project, file);
    const before = existsSync(path) ? readFileSync(path, "utf8") : "";
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, changedText(file, before, own));
    changed.push(file);
  }
  return changed;
}

function changedText(file: string, before: string, diff: readonly string[]): string {
  const from = before.split("\n");
  const to: string[] = [];
  let at = 0;
  for (const line of diff) {
    const hunk = HUNK.exec(line)?.[1];
    if (hunk !== undefined) {
      to.push(...from.slice(at, Number(hunk) - 1));
      at = Number(hunk) - 1;
      continue;
    }
    const text = line.slice(1);
    if (line.startsWith("+")) {
      to.push(text);
      continue;
    }
    if (from[at] !== text) throw new Error(`${file}:${at + 1} is not what lab diff says it is: ${text}`);
    if (line.startsWith(" ")) to.push(text);
    at++;
  }
  return [...to, ...from.slice(at)].join("\n");
}
