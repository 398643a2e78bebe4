/** create-routeguide FOLDER [--no-install]: makes the learner's project, installs what it needs, and begins. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { findProject } from "../project/progress.js";
import { treeAt } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";
import { introduce } from "./commands/status.js";
import { refusal } from "./refusal.js";
import { terminalOf } from "./terminal.js";

const USAGE = "Usage: npm create routeguide@latest [FOLDER] [-- --no-install]";
const NO_INSTALL = "--no-install";

const terminal = terminalOf(process.stdout);
const args = process.argv.slice(2);
process.stdout.on("error", () => process.exit(0));
// While npm installs, Ctrl-C ends npm, and what to do then is told.
process.on("SIGINT", () => {});
try {
  process.exitCode = create(args.filter((arg) => arg !== NO_INSTALL));
} catch (error) {
  const sentence = refusal(error);
  if (sentence === undefined) throw error;
  terminal.print(sentence);
  process.exitCode = 2;
}

function create([named = "my-routeguide", ...others]: readonly string[]): number {
  if (named.startsWith("-") || others.length > 0) {
    const isHelp = ["-h", "--help"].includes(named);
    if (!isHelp) terminal.print(`Expected one folder at most: ${[named, ...others].join(" ")}`);
    terminal.print(USAGE);
    return isHelp ? 0 : 2;
  }
  const folder = resolve(named);
  const shown = shownAs(relative(process.cwd(), folder) || ".");
  if (!isFree(folder)) {
    terminal.print(
      findProject(folder) === folder
        ? `${shown} is a project of the codelab already. Go on in that folder: npm install, then npx lab`
        : `There is something in ${shown}: name another folder.`,
    );
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
      terminal.print(`npm install failed. Repeat it in ${shown}; when it has succeeded, go on with: npx lab`);
      return 1;
    }
  }
  terminal.print(`Everything from here on happens in that folder: cd ${shown}`);
  terminal.print();
  introduce({ project: folder, terminal });
  return 0;
}

/** As a shell takes it. */
function shownAs(path: string): string {
  return /^[\p{L}\p{N}_./\\:@+-]+$/u.test(path) ? path : `"${path}"`;
}

/** Nothing is there, or an empty folder. */
function isFree(path: string): boolean {
  return !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
}
