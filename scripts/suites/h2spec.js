// npm run h2spec: all cases of h2spec, the strict ones too, against `routeguide serve` in cleartext and over TLS, over both engines.
// Our own engine has no exceptions. Those of node:http2 are named below: they lie in Node and in its nghttp2, where we cannot help it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../build.js";
import { commandLine } from "../command-line.js";
import { script } from "../step.js";
import { makeIdentity } from "./identity.js";
import { run, whileServing } from "./run.js";
import { Missing, Suite } from "./suite.js";
import { goProgram } from "./tools.js";

/** How long a case waits for what must come, in seconds. */
const CASE_SECONDS = 2;
const IGNORES_CLOSED =
  "nghttp2 ignores what comes for a stream that has been closed, and only counts its bytes (RFC 9113, 5.1, lets it for a while)";
/** What may fail over node:http2: the case as h2spec numbers it, and why. What is fixed there is no failure here. */
const NODE_EXCEPTIONS = new Map([
  ["5.1/5", `where the answer has left before the DATA comes, the stream is closed: ${IGNORES_CLOSED}`],
  ["5.1/8", IGNORES_CLOSED],
  ["5.1/9", IGNORES_CLOSED],
  ["5.1/11", IGNORES_CLOSED],
  ["5.1/12", IGNORES_CLOSED],
  ["5.1.1/2", "nghttp2 takes a number below the last one for a closed stream, and ignores the request"],
  ["6.7/2", "Node ends a connection on a PING ACK that answers no PING of its own: stricter than the protocol"],
  ["6.9.1/2", "Node sends its own GOAWAY, with another code than FLOW_CONTROL_ERROR, before nghttp2's"],
]);

const COUNTS = /^\d+ tests, (?<passed>\d+) passed, (?<skipped>\d+) skipped, (?<failed>\d+) failed$/m;

await script(async () => {
  commandLine(
    "Usage: npm run h2spec\nRuns all cases of h2spec against `routeguide serve`, in cleartext and over TLS, over both engines.",
  );
  await ensureBuilt();
  const suite = new Suite();
  const folder = mkdtempSync(join(tmpdir(), "routeguide-h2spec-"));
  try {
    const binary = await goProgram("h2spec");
    await whileServing([], async (server) => {
      await runCases(suite, "h2spec in cleartext", binary, server, []);
      await runCases(suite, "h2spec in cleartext, strict", binary, server, ["--strict"]);
    });
    const { cert, key } = await makeIdentity(folder);
    const certified = ["--tls-cert", cert, "--tls-key", key];
    const tls = ["--tls", "--insecure"];
    await whileServing(certified, async (server) => {
      await runCases(suite, "h2spec over TLS", binary, server, tls);
      await runCases(suite, "h2spec over TLS, strict", binary, server, [...tls, "--strict"]);
    });
    const engine = ["--engine", "node"];
    await whileServing(engine, (server) =>
      runCases(suite, "h2spec over node:http2, strict", binary, server, ["--strict"], NODE_EXCEPTIONS),
    );
    await whileServing([...engine, ...certified], (server) =>
      runCases(suite, "h2spec over node:http2 and TLS, strict", binary, server, [...tls, "--strict"], NODE_EXCEPTIONS),
    );
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
 * @param {ReadonlyMap<string, string>} [exceptions] cases that may fail, with the reason of each
 */
async function runCases(suite, title, binary, { host, port }, flags, exceptions = new Map()) {
  // h2spec asks with GET, and looks at what comes of streams that it has not ended: this method is refused when the request has ended,
  // where GetFeature, which may be called with GET, answers at once.
  const to = ["--host", host, "--port", port, "--path", "/routeguide.RouteGuide/RecordRoute"];
  const { stdout, stderr } = await run(binary, [...to, "--timeout", `${CASE_SECONDS}`, ...flags], {
    timeoutMs: 400_000,
  });
  const counts = COUNTS.exec(stdout)?.groups;
  if (counts === undefined) throw new Error(`h2spec did not say how many cases passed\n${stdout}${stderr}`);
  const excepted = failures(stdout).filter((name) => exceptions.has(name));
  for (const name of excepted) suite.skip(`${title}: ${name}`, exceptions.get(name) ?? "");
  // A case that h2spec leaves out is one that nobody has seen pass.
  const failed = Number(counts["failed"]) + Number(counts["skipped"]) - excepted.length;
  if (failed > 0) console.log(stdout.slice(stdout.indexOf("Failures:")));
  suite.add(title, { passed: Number(counts["passed"]), failed });
}

/**
 * The cases that failed, as section/number.
 *
 * @param {string} output
 */
function failures(output) {
  const start = output.indexOf("Failures:");
  if (start < 0) return [];
  const names = [];
  let section = "";
  for (const line of output.slice(start).split("\n")) {
    section = /^ +(\d+(?:\.\d+)*)\. /.exec(line)?.[1] ?? section;
    const number = /^ +\u00d7 (\d+): /.exec(line)?.[1];
    if (number !== undefined) names.push(`${section}/${number}`);
  }
  return names;
}
