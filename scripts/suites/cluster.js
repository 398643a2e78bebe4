// npm run cluster: tests in *.cluster.test.ts, which need a real nats-server: RouteGuide on several processes, with all that can fail.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { commandLine } from "../command-line.js";
import { root, script } from "../step.js";
import { Missing, Suite } from "./suite.js";
import { goProgram } from "./tools.js";

const USAGE = `Usage: npm run cluster [-- NAME ...]
Runs the tests that need a real nats-server, which is installed with Go. With names, only test files whose path contains one of them.`;

await script(async () => {
  const { names } = commandLine(USAGE, { names: "any" });
  const path = await natsServer();
  if (path === undefined) return;
  const tests = spawn(
    process.execPath,
    [join(root, "scripts/test.js"), ...(names.length > 0 ? names : [".cluster."])],
    {
      cwd: root,
      env: { ...process.env, ROUTEGUIDE_NATS_SERVER: path },
      stdio: "inherit",
    },
  );
  const [code] = await once(tests, "close");
  process.exitCode = code ?? 1;
});

/** @returns {Promise<string | undefined>} nothing if it cannot be installed, which has been said then */
async function natsServer() {
  try {
    return await goProgram("nats-server");
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    const suite = new Suite();
    suite.skip("RouteGuide on NATS", error.message);
    suite.close();
    return undefined;
  }
}
