/** Code that is generated once, for all the projects that have the solution's contract. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { generate } from "../build/generate.js";
import { packageRoot, treeAt } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";

/** The step that generates it: whoever is past it has this code. */
const GENERATES = 3;
/** The code, and what says from which contract it was made: with another one it is made anew. */
const MADE = ["gen", ".lab/generated-from"];

let made: Promise<string> | undefined;

/** Saves a project past that step from generating what another one has generated. */
export async function giveGenerated(project: string, step: number): Promise<void> {
  if (step <= GENERATES) return;
  made ??= make();
  const from = await made;
  for (const path of MADE) cpSync(join(from, path), join(project, path), { recursive: true });
}

async function make(): Promise<string> {
  mkdirSync(join(packageRoot, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(packageRoot, ".cache/generated-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeProject(folder, treeAt(GENERATES));
  const complaint = await generate(folder);
  if (complaint !== undefined) throw new Error(complaint);
  return folder;
}
