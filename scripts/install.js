// Installs the dependencies of the lockfile if they are missing or older than it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, step } from "./step.js";

const lockfile = join(root, "package-lock.json");
/** Inside node_modules, so that removing that folder removes the mark with it. */
const mark = join(root, "node_modules", ".installed");

export async function ensureInstalled() {
  const wanted = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await step("Installing dependencies", npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(mark, wanted);
}
