/** The processes that the lab has started, each with all that it started itself: none outlives the lab. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What ps may have to say, in bytes. */
const MAX_LISTED = 64 * 1024 * 1024;

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

/**
 * Ends a child, its children, and those of its children that went their own way: on Windows only while the child runs, as nothing
 * there tells afterwards whose they were.
 */
export function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || !running.has(child)) return;
  if (process.platform === "win32") {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    // Its number may be another process's by now.
    if (!hasEnded) spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  kill(-pid);
  const mark = running.get(child);
  if (mark !== undefined) for (const pid of markedWith(`${MARK_VARIABLE}=${mark}`)) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The processes that have this in their environment, where the system tells: Linux in /proc, macOS by ps. */
function markedWith(setting: string): number[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && environmentOf(pid).includes(`${setting}\0`));
  }
  if (process.platform !== "darwin") return [];
  // A line a process: its number, its arguments, its environment.
  const { stdout } = spawnSync("ps", ["-axwwE", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: MAX_LISTED });
  return (stdout ?? "")
    .split("\n")
    .filter((line) => line.includes(setting))
    .map((line) => Number.parseInt(line, 10));
}

/** "" if it is somebody else's, or has ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
