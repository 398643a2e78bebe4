// grpcurl, which calls whatever a .proto file describes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "../../step.js";
import { run } from "../run.js";
import { goProgram } from "../tools.js";

const PROTO = ["-import-path", join(root, "packages/routeguide/proto"), "-proto", "routeguide/route_guide.proto"];
/** grpcurl exits with 64 and the status code. */
const INVALID_ARGUMENT = 64 + 3;

/** @param {import("../run.js").Served} server */
export async function callWithGrpcurl({ address }) {
  const grpcurl = await goProgram("grpcurl");
  /**
   * @param {string} method
   * @param {string} input
   */
  const call = (method, input) =>
    run(grpcurl, ["-plaintext", ...PROTO, "-d", "@", address, `routeguide.RouteGuide/${method}`], { input });

  const get = await call("GetFeature", '{"latitude": 400000000, "longitude": -750000000}');
  assert.equal(JSON.parse(get.stdout).name, "On the corner", get.stderr);

  const refused = await call("GetFeature", '{"latitude": 900000001}');
  assert.equal(refused.code, INVALID_ARGUMENT);
  assert.match(refused.stderr, /latitude is 900000001[\s\S]*google\.rpc\.BadRequest/);

  const corners = {
    lo: { latitude: 400000000, longitude: -750000000 },
    hi: { latitude: 420000000, longitude: -730000000 },
  };
  const list = await call("ListFeatures", JSON.stringify(corners));
  assert.equal(list.stdout.match(/"name"/g)?.length, 3, list.stderr);

  const record = await call("RecordRoute", `${JSON.stringify(corners.lo)} ${JSON.stringify(corners.hi)}`);
  const { pointCount, featureCount } = JSON.parse(record.stdout);
  assert.deepEqual([pointCount, featureCount], [2, 1], record.stderr);

  const note = (/** @type {string} */ message) => JSON.stringify({ location: { latitude: -7 }, message });
  const chat = await call("RouteChat", `${note("left by grpcurl")} ${note("and again")}`);
  assert.match(chat.stdout, /left by grpcurl[\s\S]*and again/, chat.stderr);
}
