// The client and the server of gRPC's own Go tutorial, as their module has them.
import assert from "node:assert/strict";
import { join } from "node:path";
import { step } from "../../step.js";
import { freePort, routeguide, succeed, untilOpen, whileRunning } from "../run.js";
import { once, program, tools } from "../tools.js";

const MODULE = "google.golang.org/grpc/examples";
const VERSION = "v0.0.0-20260825154716-030ee8becb20";
const folder = join(tools, "go-tutorial");

/** Their module has replace directives, with which `go install` takes no version: it is built from a module of our own. */
async function build() {
  const go = program("go");
  await once(folder, VERSION, async () => {
    const options = { cwd: folder };
    await succeed("rm", ["-f", "go.mod", "go.sum"], options);
    await succeed(go, ["mod", "init", "tutorial"], options);
    const packages = ["client", "server"].map((name) => `${MODULE}/route_guide/${name}`);
    await step("Fetching the Go tutorial", go, ["get", ...packages.map((name) => `${name}@${VERSION}`)], options);
    await step("Building the Go tutorial", go, ["build", "-o", folder, ...packages], options);
  });
}

/**
 * @param {{ address: string }} server
 * @param {{ name: string, features: number }} knows what it has to say of the place that the client asks for, and how many features
 * lie where the client looks
 */
export async function callWithGoClient(
  { address },
  { name, features } = { name: "Berkshire Valley Management Area Trail, Jefferson, NJ", features: 3 },
) {
  await build();
  const { stderr } = await succeed(join(folder, "client"), ["-addr", address]);
  assert.ok(stderr.includes(`name:"${name}"`), stderr);
  assert.equal(stderr.match(/Feature: name: /g)?.length, features, stderr);
  const points = /Traversing (\d+) points\./.exec(stderr)?.[1];
  assert.match(stderr, new RegExp(`Route summary: +point_count:${points} `));
  for (const message of ["First", "Second", "Third", "Fourth", "Fifth", "Sixth"]) {
    assert.match(stderr, new RegExp(`Got message ${message} message at point\\(0, [123]\\)`));
  }
}

/** @param {string} engine */
export async function callGoServer(engine) {
  await build();
  const port = await freePort();
  await whileRunning(join(folder, "server"), ["-port", `${port}`], /^/, async () => {
    const to = ["--address", `127.0.0.1:${port}`, "--engine", engine, "--output", "json"];
    await untilOpen(port);
    const get = await routeguide(["get", "409146138,-746188906", ...to]);
    assert.match(JSON.parse(get.stdout).name, /^Berkshire Valley Management Area Trail, Jefferson, NJ/);
    const list = await routeguide(["list", "40,-75", "42,-73", "--output", "ndjson", ...to.slice(0, 4)]);
    assert.equal(list.stdout.trimEnd().split("\n").length, 100);
    const record = await routeguide(["record", "-", ...to], { input: "lat,lon\n40,-75\n41,-75\n" });
    assert.equal(JSON.parse(record.stdout).pointCount, 2);
    const notes = '{"latitude":1,"longitude":2,"message":"one"}\n{"latitude":1,"longitude":2,"message":"two"}\n';
    const chat = await routeguide(["chat", "--output", "ndjson", ...to.slice(0, 4)], { input: notes });
    assert.deepEqual(
      chat.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).message),
      ["one", "one", "two"],
    );
  });
}
