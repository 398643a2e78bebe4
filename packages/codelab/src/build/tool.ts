import { spawn } from "node:child_process";
import { once } from "node:events";
import { endGroup, trackGroup } from "../program/group.js";
import { pathWithBins } from "./installed.js";

/** How long a compiler may take. */
const PATIENCE_MS = 60_000;

export interface Ran {
  readonly isOk: boolean;
  readonly stdout: Buffer;
  /** All that it printed, as text. */
  readonly text: string;
}

/** Runs a compiler of the learner's project, a script for Node, to its end. */
export async function runTool(project: string, script: string, args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: project,
    env: { ...process.env, PATH: pathWithBins(project) },
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  trackGroup(child);
  const chunks: { readonly bytes: Buffer; readonly isResult: boolean }[] = [];
  child.stdout.on("data", (bytes: Buffer) => chunks.push({ bytes, isResult: true }));
  child.stderr.on("data", (bytes: Buffer) => chunks.push({ bytes, isResult: false }));
  const timer = setTimeout(() => endGroup(child), PATIENCE_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return {
    isOk: code === 0,
    stdout: Buffer.concat(chunks.filter(({ isResult }) => isResult).map(({ bytes }) => bytes)),
    text: Buffer.concat(chunks.map(({ bytes }) => bytes)).toString(),
  };
}
