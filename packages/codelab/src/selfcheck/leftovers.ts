/** Processes that were left behind. */
import { execFileSync } from "node:child_process";

/** Command lines of running processes in which this text stands, but for this process's own. */
export function processesNaming(text: string): string[] {
  const listed = execFileSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" });
  return listed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([pid, stat = ""]) => Number(pid) !== process.pid && !stat.startsWith("Z"))
    .map(([, , ...args]) => args.join(" "))
    .filter((args) => args.includes(text));
}
