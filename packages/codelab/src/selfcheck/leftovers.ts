/** Processes that were left behind. */
import { execFileSync } from "node:child_process";
import { settles } from "../check/settles.js";

/** What has not gone by itself: whoever was just ended needs a turn of the machine to go. */
export async function leftNaming(text: string): Promise<readonly string[]> {
  let left: readonly string[] = [];
  await settles(async () => {
    left = processesNaming(text);
    return left.length === 0;
  });
  return left;
}

/** Command lines of running processes in which this text stands, but for this process's own. */
function processesNaming(text: string): string[] {
  const listed = execFileSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" });
  return listed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([pid, stat = ""]) => Number(pid) !== process.pid && !stat.startsWith("Z"))
    .map(([, , ...args]) => args.join(" "))
    .filter((args) => args.includes(text));
}
