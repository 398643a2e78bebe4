// Runs a program as one step of a script: a line that says what happens, its output only if it fails.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const FRAMES = ["|", "/", "-", "\\"];

/**
 * Runs a command and resolves when it has succeeded. Its output is shown only if it fails.
 *
 * @param {string} title what the user reads while it runs
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} what the command printed
 */
export async function step(title, command, args, options = {}) {
  const started = performance.now();
  const progress = showProgress(title);
  const child = spawn(command, args, { cwd: root, ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      output += `${command}: ${error.message}\n`;
      resolve(1);
    });
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  progress.end(`${title} ${code === 0 ? "done" : "failed"} (${seconds} s)`);
  if (code === 0) return output;
  process.stderr.write(output);
  throw new StepFailed(title);
}

export class StepFailed extends Error {}

/**
 * Runs a script's main function. A failed step has already said what is wrong.
 *
 * @param {() => Promise<void>} main
 */
export async function script(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.exitCode = 1;
  }
}

/** @param {string} title */
function showProgress(title) {
  if (!process.stderr.isTTY) return { end: (/** @type {string} */ line) => process.stderr.write(`${line}\n`) };
  let frame = 0;
  const draw = () => process.stderr.write(`\r${FRAMES[frame++ % FRAMES.length]} ${title} `);
  const timer = setInterval(draw, 120);
  draw();
  return {
    end(/** @type {string} */ line) {
      clearInterval(timer);
      process.stderr.write(`\r\u001b[2K${line}\n`);
    },
  };
}
