// npm run conformance: the conformance suite of connectrpc.com, our server and our client, over both engines.
import { join } from "node:path";
import { ensureBuilt } from "../build.js";
import { commandLine } from "../command-line.js";
import { root, script } from "../step.js";
import { run } from "./run.js";
import { Missing, Suite } from "./suite.js";
import { goProgram } from "./tools.js";

/** A case without an answer would hold the run up for ever; a whole run takes some 30 s. */
const TIME_LIMIT_MS = 240_000;
const COUNTS = /^(?<passed>\d+) passed, (?<failed>\d+) failed$/m;

const programs = join(root, "packages/grpc/dist/test/conformance");
const config = join(root, "packages/grpc/test/conformance/all.yaml");

await script(async () => {
  commandLine(
    "Usage: npm run conformance\nRuns the conformance suite of connectrpc.com against our server and our client, over both engines.",
  );
  await ensureBuilt();
  const suite = new Suite();
  try {
    const binary = await goProgram("connectconformance");
    for (const engine of ["own", "node"]) {
      for (const mode of ["server", "client"]) {
        const command = ["--", process.execPath, join(programs, `${mode}.js`), engine];
        const args = ["--mode", mode, "--conf", config, "--max-servers", "2", ...command];
        const { stdout, stderr } = await run(binary, args, { timeoutMs: TIME_LIMIT_MS });
        const counts = COUNTS.exec(stdout)?.groups;
        if (counts === undefined) throw new Error(`the suite did not say how many cases passed\n${stdout}${stderr}`);
        const failed = Number(counts["failed"]);
        if (failed > 0) console.log(stdout + stderr);
        suite.add(`conformance of the ${mode}, engine ${engine}`, { passed: Number(counts["passed"]), failed });
      }
    }
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    suite.skip("conformance", error.message);
  }
  suite.close();
});
