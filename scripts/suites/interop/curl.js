// curl: a user with nothing else makes every call that HTTP/1.1 can carry, in JSON; and one of gRPC, byte by byte.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { succeed } from "../run.js";
import { Missing } from "../suite.js";
import { program } from "../tools.js";

/** A Point at 40, -75 in its envelope. */
const REQUEST = Buffer.from("000000001108" + "8088debe01" + "10" + "80d1af9afdffffffff01", "hex");

/** @param {import("../run.js").Served} server */
export async function callWithCurlInJson({ address }) {
  const curl = program("curl");
  const post = async (/** @type {string} */ method, /** @type {string} */ type, /** @type {string} */ input) => {
    const args = ["--silent", "--show-error", "--data-binary", "@-", "-H", `content-type: ${type}`];
    return (await succeed(curl, [...args, `http://${address}/routeguide.RouteGuide/${method}`], { input })).stdout;
  };
  const point = { latitude: 400000000, longitude: -750000000 };
  const feature = await post("GetFeature", "application/json", JSON.stringify(point));
  assert.deepEqual(JSON.parse(feature), { name: "On the corner", location: point });
  const area = { lo: point, hi: { latitude: 420000000, longitude: -730000000 } };
  const list = await post("ListFeatures", "application/connect+json", envelopes(area));
  assert.match(list, /On the corner/);
  const summary = await post("RecordRoute", "application/connect+json", envelopes(point, point));
  assert.match(summary, /"pointCount":2/);
  const note = { location: point, message: "left by curl" };
  assert.match(await post("RouteChat", "application/connect+json", envelopes(note)), /left by curl/);
  const wrong = await post("GetFeature", "application/json", '{"latitude":"north"}');
  assert.equal(JSON.parse(wrong).code, "invalid_argument");
}

/**
 * Messages in JSON, each behind its prefix, which is text as long as they are short.
 *
 * @param {readonly object[]} messages
 */
function envelopes(...messages) {
  return messages
    .map((message) => {
      const json = JSON.stringify(message);
      return `\0\0\0\0${String.fromCharCode(json.length)}${json}`;
    })
    .join("");
}

/** @param {import("../run.js").Served} server */
export async function callWithCurl({ address }) {
  const curl = program("curl");
  const { stdout: version } = await succeed(curl, ["--version"]);
  if (!/^Features:.*\bHTTP2\b/m.test(version)) throw new Missing("this curl has no HTTP/2");
  const folder = mkdtempSync(join(tmpdir(), "routeguide-curl-"));
  try {
    const [request, response] = [join(folder, "request"), join(folder, "response")];
    writeFileSync(request, REQUEST);
    const headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"];
    const files = ["--data-binary", `@${request}`, "-o", response];
    const url = `http://${address}/routeguide.RouteGuide/GetFeature`;
    const args = [
      "--silent",
      "--show-error",
      "--http2-prior-knowledge",
      "--dump-header",
      "-",
      ...headers,
      ...files,
      url,
    ];
    const { stdout } = await succeed(curl, args);
    assert.match(stdout, /^HTTP\/2 200/);
    assert.match(stdout, /^grpc-status: 0/m);
    assert.ok(readFileSync(response).includes("On the corner"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
