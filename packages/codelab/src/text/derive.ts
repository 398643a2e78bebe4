/** The files of this package that are made from others: start_here/, and the snippets in the texts. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot, stepFolders, treeAt } from "../project/tree.js";
import { writeTree } from "../project/write-tree.js";
import { renewSnippets } from "./snippets.js";

/** The page after the last step. */
const CLOSING = "closing.md";

/** Paths below the package, and what should stand there. */
function derived(): Map<string, string> {
  const files = new Map([...treeAt(0)].map(([path, text]) => [`start_here/${path}`, text]));
  stepFolders().forEach((folder, i) => {
    const path = `${folder.slice(packageRoot.length)}/step.md`;
    files.set(path, renewSnippets(readFileSync(join(packageRoot, path), "utf8"), treeAt(i + 1)));
  });
  files.set(CLOSING, renewSnippets(readFileSync(join(packageRoot, CLOSING), "utf8"), elsewhere()));
  return files;
}

/** The services of the closing page, which run in a test. */
function elsewhere(): ReadonlyMap<string, string> {
  const paths = ["connect.ts", "grpc-js.ts"].map((file) => `elsewhere/${file}`);
  return new Map(paths.map((path) => [path, readFileSync(join(packageRoot, path), "utf8")]));
}

/** Files that are not what they should be, or should not be there. */
export function outdated(): string[] {
  const wanted = derived();
  const changed = [...wanted].filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
  return [...changed, ...startFiles().filter((path) => !wanted.has(path))];
}

/** Makes them what they should be. */
export function derive(): void {
  for (const path of startFiles()) rmSync(join(packageRoot, path));
  writeTree(packageRoot, derived());
}

function startFiles(): string[] {
  try {
    return readdirSync(join(packageRoot, "start_here"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot.length).replaceAll("\\", "/"));
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(join(packageRoot, path), "utf8");
  } catch {
    return undefined;
  }
}
