import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { PLACES } from "./command.js";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/start.js", import.meta.url));
const SERVE = `"${process.execPath}" "${SCRIPT}" --listen 127.0.0.1:0 --notes memory --places "${PLACES}"`;

test("npm start stops its server when the shell that npm runs it in is ended", { timeout: 60_000 }, async () => {
  // What follows keeps the shell from becoming the program.
  const shell = spawn("sh", ["-c", `${SERVE}; true`], {
    env: { ...process.env, npm_lifecycle_event: "start", ROUTEGUIDE_LOG_FORMAT: "json" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  shell.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (text.includes('"msg":"serving"')) shell.kill("SIGTERM");
  });
  // The server has the same stderr: it ends when both have.
  await once(shell.stderr, "end");
  assert.match(log, /"msg":"stopping".*"msg":"stopped"/s);
});
