// curl, which sends the bytes of a call as they are.
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
