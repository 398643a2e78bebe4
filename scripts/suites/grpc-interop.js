// npm run grpc-interop: gRPC's own interop tests. The programs of grpc-go and grpc-java against ours, both ways, in cleartext and over TLS,
// over both engines. What needs a toolchain that is missing is skipped, with the reason.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt } from "../build.js";
import { commandLine } from "../command-line.js";
import { root, script } from "../step.js";
import { grpcGo } from "./grpc-interop/go.js";
import { grpcJava } from "./grpc-interop/java.js";
import { freePort, succeed, untilOpen, whileRunning } from "./run.js";
import { Missing, Suite } from "./suite.js";

const programs = join(root, "packages/grpc/dist/test/interop");
const PEERS = { "grpc-go": grpcGo, "grpc-java": grpcJava };
/** What the other side's programs are run at a time. */
const LANES = 2;

await script(async () => {
  commandLine(
    "Usage: npm run grpc-interop\nRuns gRPC's own interop tests: the programs of grpc-go and grpc-java against ours, both ways.",
  );
  await ensureBuilt();
  const suite = new Suite();
  const folder = mkdtempSync(join(tmpdir(), "routeguide-grpc-interop-"));
  try {
    for (const [name, prepare] of Object.entries(PEERS)) {
      try {
        await callEachOther(suite, await prepare(folder));
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        suite.skip(name, error.message);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  suite.close();
});

/**
 * @param {Suite} suite
 * @param {import("./grpc-interop/peer.js").Peer} peer
 */
async function callEachOther(suite, peer) {
  for (const isSecure of [false, true]) {
    for (const engine of ["own", "node"]) {
      await callOurServer(suite, peer, isSecure, engine);
    }
    await callTheirServer(suite, peer, isSecure);
  }
}

/**
 * @param {Suite} suite
 * @param {import("./grpc-interop/peer.js").Peer} peer
 * @param {boolean} isSecure
 * @param {string} engine
 */
function callOurServer(suite, peer, isSecure, engine) {
  const { cert, key } = peer.identity;
  const args = [join(programs, "server.js"), "--engine", engine, ...(isSecure ? ["--cert", cert, "--key", key] : [])];
  return whileRunning(process.execPath, args, /^listening on 127\.0\.0\.1:(\d+)$/m, async ([, port = ""]) => {
    const cases = peer.clientCases.values();
    const lane = async () => {
      for (const name of cases) {
        await suite.check(`${peer.name}'s client ${where(engine, isSecure)}: ${name}`, () => {
          const { command, args } = peer.client(name, port, isSecure);
          return succeed(command, args);
        });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });
}

/**
 * @param {Suite} suite
 * @param {import("./grpc-interop/peer.js").Peer} peer
 * @param {boolean} isSecure
 */
async function callTheirServer(suite, peer, isSecure) {
  const port = await freePort();
  const { command, args } = peer.server(port, isSecure);
  await whileRunning(command, args, /^/, async () => {
    await untilOpen(port);
    const { ca, name } = peer.identity;
    const tls = isSecure ? ["--ca", ca, "--name", name] : [];
    for (const engine of ["own", "node"]) {
      const to = ["--target", `${isSecure ? "https" : "http"}://127.0.0.1:${port}`, "--engine", engine, ...tls];
      const { stdout } = await succeed(process.execPath, [join(programs, "client.js"), ...to, ...peer.serverCases]);
      for (const name of peer.serverCases) {
        await suite.check(`${peer.name}'s server ${where(engine, isSecure)}: ${name}`, () => {
          assert.match(stdout, new RegExp(`^ok ${name}$`, "m"));
        });
      }
    }
  });
}

/**
 * @param {string} engine
 * @param {boolean} isSecure
 */
function where(engine, isSecure) {
  return `and ours, ${isSecure ? "TLS" : "cleartext"}, engine ${engine}`;
}
