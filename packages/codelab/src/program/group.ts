/** The processes that the lab has started, each with all that it started itself: none outlives the lab. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A child that leads its own process group (`detached: true`), and the mark in its environment if it has one. */
const running = new Map<ChildProcess, string | undefined>();

/**
 * Set in a program's environment to a value of its own, it marks the program and whatever it starts: what has left the process
 * group is found by it.
 */
export const MARK_VARIABLE = "ROUTEGUIDE_LAB_MARK";

process.on("exit", () => {
  for (const child of running.keys()) endGroup(child);
});

/** Remembers a child that leads its own process group, until it has closed. What it leaves behind when it exits is ended. */
export function trackGroup(child: ChildProcess, mark?: string): void {
  running.set(child, mark);
  // What it has left behind may hold its output open, and then it never closes.
  child.once("exit", () => endGroup(child));
  child.once("close", () => running.delete(child));
}

/** Ends a child, its children, and those of its children that went their own way. */
export function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  kill(-pid);
  const mark = running.get(child);
  if (mark !== undefined) for (const pid of markedWith(mark)) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Where the system tells of other processes' environments: Linux does. */
function markedWith(mark: string): number[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && environmentOf(pid).includes(`${MARK_VARIABLE}=${mark}\0`));
}

/** "" if it is somebody else's, or has ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
