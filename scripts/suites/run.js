// Runs programs for the suites: with a time limit, and with their output when they fail.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../step.js";

const COMMAND = join(root, "packages/routeguide/bin/routeguide.js");
/** How long a program may take unless told otherwise. */
const PATIENCE_MS = 60_000;

/** @typedef {{ code: number | null, stdout: string, stderr: string }} Ended */
/** @typedef {{ input?: string, cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} RunOptions */

/**
 * Runs a program to its end, whatever its exit code.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 * @throws if it cannot be started, or takes too long
 */
export async function run(command, args, { input = "", timeoutMs = PATIENCE_MS, ...options } = {}) {
  const child = spawn(command, args, { cwd: root, ...options, timeout: timeoutMs, killSignal: "SIGKILL" });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // It may end before it has read everything.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, "close"));
  if (signal === "SIGKILL") throw new Error(`${command} ran for more than ${timeoutMs} ms\n${stdout()}${stderr()}`);
  return { code, stdout: stdout(), stderr: stderr() };
}

/**
 * Runs a program that must succeed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Ended>}
 */
export async function succeed(command, args, options = {}) {
  const ended = await run(command, args, options);
  if (ended.code === 0) return ended;
  throw new Error(`${command} ${args.join(" ")} exited with ${ended.code}\n${ended.stdout}${ended.stderr}`);
}

/**
 * The command routeguide, which must succeed.
 *
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export const routeguide = (args, options) => succeed(process.execPath, [COMMAND, ...args], options);

/**
 * Starts a program that serves until it is disposed of.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RegExp} ready what it prints when it serves
 */
export async function start(command, args, ready) {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const output = collect(child.stdout, child.stderr);
  const ended = once(child, "close");
  const signal = AbortSignal.timeout(PATIENCE_MS);
  while (!ready.test(output())) {
    const next = [child.stdout, child.stderr].map((stream) => once(stream, "data", { signal }));
    await Promise.race([...next, ended]).catch(() => {});
    if (child.exitCode !== null || signal.aborted) {
      child.kill("SIGKILL");
      throw new Error(`${command} does not serve\n${output()}`);
    }
  }
  return {
    match: /** @type {RegExpExecArray} */ (ready.exec(output())),
    output,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * `routeguide serve` on a free port, its notes in memory.
 *
 * @param {readonly string[]} flags
 */
export async function serve(flags) {
  const args = [COMMAND, "serve", "--listen", "127.0.0.1:0", "--notes", "memory", ...flags];
  const server = await start(process.execPath, args, /^ +at +(\S+):(\d+)$/m);
  const [, host = "", port = ""] = server.match;
  return { host, port, address: `${host}:${port}`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}

/** @param {import("node:stream").Readable[]} streams */
function collect(...streams) {
  let text = "";
  for (const stream of streams) stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  return () => text;
}
