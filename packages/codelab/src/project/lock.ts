/** One build at a time in a project: `lab view` and a command in a terminal may both begin when a file is saved. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const FILE = ".lab/building";
/** How often a process looks whether the other has ended. */
const LOOK_EVERY_MS = 20;

/** Runs this when no other process of the lab builds in the project. */
export async function whileBuilding<T>(project: string, build: () => Promise<T>): Promise<T> {
  const file = join(project, FILE);
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) await wait(LOOK_EVERY_MS);
  try {
    return await build();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * False if somebody else has it.
 *
 * @throws if the folder cannot be written
 */
function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHeld(file: string): boolean {
  try {
    const holder = readFileSync(file, "utf8");
    // It is being written just now.
    return holder === "" || isAlive(Number(holder));
  } catch {
    return false;
  }
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
