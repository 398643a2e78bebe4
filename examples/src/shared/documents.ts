/** What the documents of this repository show and link to, for the tests that hold them to it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Document {
  /** From the root of the repository, `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/** A block of TypeScript. */
export interface Block {
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly code: string;
  /**
   * What a reader knows without being told, from the comment `<!-- given: ... -->` before the block. It stands before the code; or around
   * it, if a line of it is `...`. Undefined for a block that is a whole module.
   */
  readonly given: string | undefined;
}

export const root: string = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDERS = ["", "docs", "examples", "packages/grpc", "packages/routeguide", "packages/codelab"];
/** A block that is not checked says why: `<!-- not checked: a fragment -->`. One that is `cut` is checked where it is cut from. */
const BLOCK = /(?:^<!-- (given|not checked|cut):\s+((?:(?!-->).)*?)\s*-->\n)?^```ts\n(.*?)^```$/gms;

/** Those that somebody reads who uses, runs or changes what is here. */
export function documents(): readonly Document[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => (folder === "" ? name : `${folder}/${name}`))
      .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })),
  );
}

/** The blocks of TypeScript that must be right. */
export function blocksOf({ text }: Document): readonly Block[] {
  return [...text.matchAll(BLOCK)]
    .filter(([, kind]) => kind === undefined || kind === "given")
    .map(({ 0: all, 2: given, 3: code = "", index }) => {
      const line = text.slice(0, index + all.lastIndexOf("```ts")).split("\n").length;
      return { line, code, given };
    });
}

/** A block as a module of its own. */
export function moduleOf({ code, given }: Block): string {
  if (given === undefined) return code;
  return /^\.\.\.$/m.test(given) ? given.replace(/^\.\.\.$/m, () => code) : `${given}\n${code}`;
}
