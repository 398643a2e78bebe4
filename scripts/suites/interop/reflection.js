// Tools that know nothing of the contract and ask the server for it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "../../step.js";
import { run, succeed } from "../run.js";
import { goProgram } from "../tools.js";

const CORNER = '{"latitude": 400000000, "longitude": -750000000}';
const METHODS = ["GetFeature", "ListFeatures", "RecordRoute", "RouteChat"];
const buf = join(root, "node_modules/@bufbuild/buf/bin/buf");

/**
 * grpcurl speaks v1 of reflection, and before it was there v1alpha.
 *
 * @param {"grpcurl" | "grpcurl-v1alpha"} version
 * @returns {(server: import("../run.js").Served) => Promise<void>}
 */
export const exploreWithGrpcurl =
  (version) =>
  async ({ address }) => {
    const grpcurl = await goProgram(version);
    const ask = async (/** @type {string[]} */ ...args) => (await succeed(grpcurl, ["-plaintext", ...args])).stdout;

    const services = (await ask(address, "list")).trim().split("\n");
    for (const name of ["routeguide.RouteGuide", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"]) {
      assert.ok(services.includes(name), `${name} is not among ${services}`);
    }
    const methods = await ask(address, "list", "routeguide.RouteGuide");
    assert.deepEqual(
      methods.trim().split("\n"),
      METHODS.map((name) => `routeguide.RouteGuide.${name}`),
    );
    assert.match(await ask(address, "describe", "routeguide.RouteNote"), /routeguide\.Point location = 1;/);
    assert.match(await ask(address, "describe", "routeguide.RouteGuide.RouteChat"), /stream \.routeguide\.RouteNote/);
    const feature = await ask("-d", CORNER, address, "routeguide.RouteGuide/GetFeature");
    assert.equal(JSON.parse(feature).name, "On the corner");
    const watched = await ask("-max-time", "1", address, "grpc.health.v1.Health/Watch").catch((error) => error.message);
    assert.match(watched, /SERVING/);
    const none = await run(grpcurl, ["-plaintext", address, "describe", "routeguide.None"]);
    assert.match(none.stderr, /not found/i);
  };

/**
 * @param {"grpc" | "grpcweb" | "connect"} protocol
 * @returns {(server: import("../run.js").Served) => Promise<void>}
 */
export const callWithBufCurl =
  (protocol) =>
  async ({ address }) => {
    /**
     * @param {string} method
     * @param {string} data
     */
    const call = async (method, data) => {
      const args = ["curl", "--http2-prior-knowledge", "--protocol", protocol, "--data", data];
      const { stdout } = await succeed(process.execPath, [
        buf,
        ...args,
        `http://${address}/routeguide.RouteGuide/${method}`,
      ]);
      return stdout;
    };
    assert.equal(JSON.parse(await call("GetFeature", CORNER)).name, "On the corner");
    const corners = `{"lo": ${CORNER}, "hi": {"latitude": 420000000, "longitude": -730000000}}`;
    assert.equal((await call("ListFeatures", corners)).match(/"name"/g)?.length, 3);
    const { pointCount } = JSON.parse(await call("RecordRoute", `${CORNER} ${CORNER}`));
    assert.equal(pointCount, 2);
    const note = `{"location": {"latitude": -9}, "message": "left by buf curl, ${protocol}"}`;
    assert.match(await call("RouteChat", note), new RegExp(`left by buf curl, ${protocol}`));
  };

/** @param {import("../run.js").Served} server */
export async function probeWithGrpcHealthProbe({ address }) {
  const probe = await goProgram("grpc-health-probe");
  for (const service of ["", "routeguide.RouteGuide"]) {
    const { stderr, stdout } = await succeed(probe, [`-addr=${address}`, `-service=${service}`]);
    assert.match(stdout + stderr, /status: SERVING/);
  }
  const unknown = await run(probe, [`-addr=${address}`, "-service=other.Service"]);
  assert.notEqual(unknown.code, 0);
}
