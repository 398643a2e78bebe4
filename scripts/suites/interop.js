// npm run interop: programs of other people, unmodified, against `routeguide serve` over both engines, and ours against their servers.
// What needs a toolchain that is missing is skipped, with the reason.
import { ensureBuilt } from "../build.js";
import { commandLine } from "../command-line.js";
import { script } from "../step.js";
import { askSolutionWithGrpcurl, callRealServerWithSolution, callSolutionWithGoClient } from "./interop/codelab.js";
import { callWithCurl, callWithCurlInJson } from "./interop/curl.js";
import { callGoServer, callWithGoClient } from "./interop/go-tutorial.js";
import { callWithGrpcurl } from "./interop/grpcurl.js";
import { callWithJava } from "./interop/java.js";
import { getWithNghttp, loadWithH2load } from "./interop/nghttp.js";
import { callWithPython } from "./interop/python.js";
import { callWithBufCurl, exploreWithGrpcurl, probeWithGrpcHealthProbe } from "./interop/reflection.js";
import { callWithTonic } from "./interop/tonic.js";
import { PLACES, whileServing } from "./run.js";
import { Suite } from "./suite.js";

/** @type {readonly [title: string, call: (server: import("./run.js").Served) => Promise<void>][]} */
const CLIENTS = [
  ["the Go tutorial's client prints what it should", callWithGoClient],
  ["grpcurl makes all four calls", callWithGrpcurl],
  ["grpcurl asks for the contract by reflection v1", exploreWithGrpcurl("grpcurl")],
  ["an older grpcurl asks for the contract by reflection v1alpha", exploreWithGrpcurl("grpcurl-v1alpha")],
  ["buf curl makes all four calls over gRPC, by reflection", callWithBufCurl("grpc")],
  ["buf curl makes all four calls over gRPC-Web, by reflection", callWithBufCurl("grpcweb")],
  ["buf curl makes all four calls over Connect, by reflection", callWithBufCurl("connect")],
  ["grpc_health_probe finds the server and its service healthy", probeWithGrpcHealthProbe],
  ["curl makes all four calls in JSON", callWithCurlInJson],
  ["curl makes a call of gRPC by hand", callWithCurl],
  ["nghttp gets an answer", getWithNghttp],
  ["h2load gets a good answer to each of its requests", loadWithH2load],
  ["Python's grpcio makes all four calls, with each compression", callWithPython],
  ["grpc-java makes all four calls, also compressed", callWithJava],
  ["tonic makes all four calls, also compressed", callWithTonic],
];

await script(async () => {
  commandLine(
    "Usage: npm run interop\nRuns programs of other people against `routeguide serve`, and ours against their servers.",
  );
  await ensureBuilt();
  const suite = new Suite();
  for (const engine of ["own", "node"]) {
    await whileServing(["--engine", engine, "--places", PLACES], async (server) => {
      for (const [title, call] of CLIENTS) await suite.check(`${title}, engine ${engine}`, () => call(server));
    });
    await suite.check(`routeguide makes all four calls to the Go tutorial's server, engine ${engine}`, () =>
      callGoServer(engine),
    );
  }
  await suite.check("step 16 of the codelab: grpcurl asks the learner's server what it can do", askSolutionWithGrpcurl);
  await suite.check(
    "step 16 of the codelab: the Go tutorial's client calls the learner's server",
    callSolutionWithGoClient,
  );
  await suite.check("step 16 of the codelab: the learner's client calls routeguide serve", callRealServerWithSolution);
  suite.close();
});
