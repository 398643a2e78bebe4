// npm run h2spec: all cases of h2spec, the strict ones too, against `routeguide serve` in cleartext and over TLS. No exceptions.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../build.js";
import { script } from "../step.js";
import { run, succeed, whileServing } from "./run.js";
import { Missing, Suite } from "./suite.js";
import { goProgram, program } from "./tools.js";

/** How long a case waits for what must come, in seconds. */
const CASE_SECONDS = 2;
const COUNTS = /^\d+ tests, (?<passed>\d+) passed, (?<skipped>\d+) skipped, (?<failed>\d+) failed$/m;

await script(async () => {
  await ensureBuilt();
  const suite = new Suite();
  const folder = mkdtempSync(join(tmpdir(), "routeguide-h2spec-"));
  try {
    const binary = await goProgram("h2spec");
    await whileServing([], async (server) => {
      await runCases(suite, "h2spec in cleartext", binary, server, []);
      await runCases(suite, "h2spec in cleartext, strict", binary, server, ["--strict"]);
    });
    await whileServing(await certificate(folder), async (server) => {
      const tls = ["--tls", "--insecure"];
      await runCases(suite, "h2spec over TLS", binary, server, tls);
      await runCases(suite, "h2spec over TLS, strict", binary, server, [...tls, "--strict"]);
    });
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    suite.skip("h2spec", error.message);
  } finally {
    rmSync(folder, { recursive: true });
  }
  suite.close();
});

/**
 * @param {Suite} suite
 * @param {string} title
 * @param {string} binary
 * @param {{ host: string, port: string }} server
 * @param {readonly string[]} flags
 */
async function runCases(suite, title, binary, { host, port }, flags) {
  const to = ["--host", host, "--port", port, "--path", "/routeguide.RouteGuide/GetFeature"];
  const { stdout, stderr } = await run(binary, [...to, "--timeout", `${CASE_SECONDS}`, ...flags], {
    timeoutMs: 400_000,
  });
  const counts = COUNTS.exec(stdout)?.groups;
  if (counts === undefined) throw new Error(`h2spec did not say how many cases passed\n${stdout}${stderr}`);
  // A case that h2spec leaves out is one that nobody has seen pass.
  const failed = Number(counts["failed"]) + Number(counts["skipped"]);
  if (failed > 0) console.log(stdout.slice(stdout.indexOf("Failures:")));
  suite.add(title, { passed: Number(counts["passed"]), failed });
}

/**
 * A certificate for this run, as flags of `routeguide serve`.
 *
 * @param {string} folder
 */
async function certificate(folder) {
  const cert = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  await succeed(program("openssl"), ["req", ...kind, "-out", cert, "-keyout", key]);
  return ["--tls-cert", cert, "--tls-key", key];
}
