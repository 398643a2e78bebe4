/** create-routeguide FOLDER [--no-install]: makes the learner's project, installs what it needs, and begins. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { treeAt } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";
import { introduce } from "./commands/status.js";
import { terminalOf } from "./terminal.js";

const USAGE = "Usage: npm create routeguide@latest [FOLDER] [-- --no-install]";
const NO_INSTALL = "--no-install";

const terminal = terminalOf(process.stdout);
const args = process.argv.slice(2);
process.exitCode = create(args.filter((arg) => arg !== NO_INSTALL));

function create([named = "my-routeguide", ...others]: readonly string[]): number {
  if (named.startsWith("-") || others.length > 0) {
    terminal.print(USAGE);
    return ["-h", "--help"].includes(named) ? 0 : 2;
  }
  const folder = resolve(named);
  const shown = relative(process.cwd(), folder) || ".";
  if (!isFree(folder)) {
    terminal.print(`There is something in ${shown}: name another folder.`);
    return 2;
  }
  writeProject(folder, treeAt(0));
  terminal.print(`RouteGuide is in ${shown}.`);
  if (!args.includes(NO_INSTALL)) {
    terminal.print("Installing what it needs ...");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const flags = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    const { status } = spawnSync(npm, ["install", ...flags], { cwd: folder, stdio: "inherit" });
    if (status !== 0) {
      terminal.print(`npm install failed. When it has succeeded in ${shown}, go on with: npx lab`);
      return 1;
    }
  }
  terminal.print(`Everything from here on happens in that folder: cd ${shown}`);
  terminal.print();
  introduce({ project: folder, terminal });
  return 0;
}

/** Nothing is there, or an empty folder. */
function isFree(path: string): boolean {
  return !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
}
