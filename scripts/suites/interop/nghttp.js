// nghttp and h2load, the tools of nghttp2.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { succeed } from "../run.js";
import { program } from "../tools.js";

/** An empty message in its envelope: the point at 0, 0. */
const REQUEST = new Uint8Array(5);
const REQUESTS = 20_000;
const HEADERS = ["-H", "content-type: application/grpc", "-H", "te: trailers"];

/** @param {import("../run.js").Served} server */
export function getWithNghttp({ address }) {
  const nghttp = program("nghttp");
  return withRequest(async (request) => {
    const url = `http://${address}/routeguide.RouteGuide/GetFeature`;
    const { stdout } = await succeed(nghttp, ["--verbose", "--no-dep", "--data", request, ...HEADERS, url]);
    assert.match(stdout, /:status: 200/);
    assert.match(stdout, /grpc-status: 0/);
  });
}

/** @param {import("../run.js").Served} server */
export function loadWithH2load({ address }) {
  const h2load = program("h2load");
  return withRequest(async (request) => {
    const url = `http://${address}/routeguide.RouteGuide/GetFeature`;
    const load = ["-n", `${REQUESTS}`, "-c", "10", "-m", "50", "--data", request, ...HEADERS];
    const { stdout } = await succeed(h2load, [...load, url]);
    assert.match(stdout, new RegExp(`${REQUESTS} done, ${REQUESTS} succeeded, 0 failed, 0 errored, 0 timeout`));
  });
}

/**
 * @template T
 * @param {(path: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withRequest(use) {
  const folder = mkdtempSync(join(tmpdir(), "routeguide-nghttp-"));
  const path = join(folder, "request");
  writeFileSync(path, REQUEST);
  try {
    return await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
