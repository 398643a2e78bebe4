/**
 * Code in the texts is cut from the solution, so that it is always what compiles:
 *
 *     <!-- cut: service.ts: async recordRoute(points) { -->
 *     ```ts
 *     written here by the build
 *     ```
 *
 * What is cut begins with the first line that begins like this, and ends where the indentation comes back to it.
 */
import { extname } from "node:path";
import type { Tree } from "../project/tree.js";

const CUT = /<!-- cut: (?<file>\S+): (?<start>.+?) -->\n(?<fence>```\w*\n.*?^```$)?/gms;

/** The text with each cut renewed. */
export function renewSnippets(markdown: string, solved: Tree): string {
  return markdown.replace(CUT, (_, file: string, start: string, fence: string | undefined) => {
    const text = solved.get(file);
    if (text === undefined) throw new Error(`a text cuts from ${file}, which does not exist`);
    const language = { ".proto": "proto", ".yaml": "yaml", ".json": "json" }[extname(file)] ?? "ts";
    return `<!-- cut: ${file}: ${start} -->\n\`\`\`${language}\n${cut(text, file, start)}\n\`\`\`${fence === undefined ? "\n" : ""}`;
  });
}

/** @throws {Error} if no line begins like this */
function cut(text: string, file: string, start: string): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.trimStart().startsWith(start));
  if (first < 0) throw new Error(`${file} has no line that begins with ${start}`);
  const indent = indentOf(lines[first] ?? "");
  let last = first;
  if (/[{([]$/.test(lines[first] ?? "") || /:$/.test(lines[first] ?? "")) {
    do last++;
    while (last + 1 < lines.length && (lines[last] === "" || indentOf(lines[last] ?? "") > indent));
  }
  return lines
    .slice(first, last + 1)
    .map((line) => line.slice(indent))
    .join("\n")
    .trimEnd();
}

const indentOf = (line: string) => line.length - line.trimStart().length;
