// Runs programs for the suites: with a time limit, and with their output when they fail.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { root } from "../step.js";

const COMMAND = join(root, "packages/routeguide/bin/routeguide.js");
/** Four places, three of them between 40,-75 and 42,-73, where the tutorials' clients look. */
export const PLACES = join(root, "packages/routeguide/test/places.csv");
/** How long a program may take unless told otherwise. */
const PATIENCE_MS = 60_000;

/** @typedef {{ code: number | null, stdout: string, stderr: string }} Ended */
/** @typedef {{ host: string, port: string, address: string }} Served */
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
 * Runs a program that serves for as long as it is used.
 *
 * @template T
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RegExp} ready what it prints when it serves
 * @param {(match: RegExpExecArray) => Promise<T>} use
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<T>}
 */
export async function whileRunning(command, args, ready, use, options = {}) {
  const child = spawn(command, args, { cwd: root, ...options, stdio: ["ignore", "pipe", "pipe"] });
  const output = collect(child.stdout, child.stderr);
  const ended = once(child, "close");
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const match = ready.exec(output());
      if (match !== null) return await use(match);
      if (child.exitCode !== null || signal.aborted) throw new Error(`${command} does not serve\n${output()}`);
      const more = [child.stdout, child.stderr].map((stream) => once(stream, "data", { signal }));
      await Promise.race([...more, ended]).catch(() => {});
    }
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/**
 * Runs `routeguide serve` on a free port, its notes in memory, for as long as it is used.
 *
 * @template T
 * @param {readonly string[]} flags
 * @param {(server: Served) => Promise<T>} use
 * @returns {Promise<T>}
 */
export function whileServing(flags, use) {
  const always = ["--listen", "127.0.0.1:0", "--notes", "memory", "--log-format", "text"];
  const args = [COMMAND, "serve", ...always, ...flags];
  return whileRunning(process.execPath, args, /^ +at +(\S+):(\d+)$/m, ([, host = "", port = ""]) =>
    use({ host, port, address: `${host}:${port}` }),
  );
}

/**
 * Waits until somebody listens there: for programs that do not say when they do.
 *
 * @param {number} port of 127.0.0.1
 */
export async function untilOpen(port) {
  for (const signal = AbortSignal.timeout(PATIENCE_MS); !signal.aborted; ) {
    const socket = connect({ host: "127.0.0.1", port });
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens on port ${port}`);
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** @param {import("node:stream").Readable[]} streams */
function collect(...streams) {
  let text = "";
  for (const stream of streams) stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  return () => text;
}
