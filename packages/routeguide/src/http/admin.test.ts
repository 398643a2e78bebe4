import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { openAdmin } from "./admin.js";
import { isLoopback } from "./loopback.js";

async function open(host = "127.0.0.1") {
  const administered = {
    ready: true,
    isReady: () => administered.ready,
    metrics: async () => ({ contentType: "text/plain; version=0.0.4", text: "calls 1\n" }),
    logLevel: "info",
    logLevels: ["info", "debug"],
  };
  const admin = await openAdmin({ port: 0, host }, administered);
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://127.0.0.1:${admin.address.replace(/.*:/, "")}${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  return { administered, admin, ask, [Symbol.asyncDispose]: () => admin.close() };
}

test("probes learn whether the process lives, and whether it takes calls", async () => {
  await using port = await open();
  assert.equal((await port.ask("/livez")).status, 200);
  assert.deepEqual([(await port.ask("/readyz")).status, (await port.ask("/readyz?verbose")).body], [200, "ready\n"]);
  port.administered.ready = false;
  assert.equal((await port.ask("/readyz")).status, 503);
  assert.equal((await port.ask("/livez")).status, 200);
});

test("metrics come with their content type, and are not cached", async () => {
  await using port = await open();
  const { headers, body } = await port.ask("/metrics");
  assert.equal(body, "calls 1\n");
  assert.equal(headers.get("content-type"), "text/plain; version=0.0.4");
  assert.equal(headers.get("cache-control"), "no-store");
});

test("metrics that cannot be read break the connection, not the port", async () => {
  await using port = await open();
  port.administered.metrics = () => Promise.reject(new Error("no metrics"));
  await assert.rejects(port.ask("/metrics"));
  assert.equal((await port.ask("/livez")).status, 200);
});

test("the level of the log is read and set", async () => {
  await using port = await open();
  assert.equal((await port.ask("/log-level")).body, "info\n");
  assert.equal((await port.ask("/log-level", { method: "PUT", body: "debug\n" })).status, 200);
  assert.equal(port.administered.logLevel, "debug");
  for (const body of ["loud", "", "debug".repeat(1000)]) {
    const refused = await port.ask("/log-level", { method: "PUT", body });
    assert.deepEqual([refused.status, refused.body], [400, "the body must be one of info, debug\n"]);
  }
  assert.equal(port.administered.logLevel, "debug");
});

test("what is not there is 404 and says what is, a wrong method is 405 and says which are right", async () => {
  await using port = await open();
  for (const path of ["/", "/metrics/", "/toString", "/__proto__"]) {
    const { status, body } = await port.ask(path);
    assert.deepEqual([status, body], [404, "there are /livez, /readyz, /metrics, /log-level\n"]);
  }
  const { status, headers } = await port.ask("/log-level", { method: "DELETE" });
  assert.deepEqual([status, headers.get("allow")], [405, "GET, PUT"]);
  assert.equal((await port.ask("/livez", { method: "HEAD" })).status, 200);
});

test("a port for this machine only does not answer under another machine's name", async () => {
  await using port = await open();
  const { admin } = port;
  const statusUnder = async (host: string) => {
    const [response] = await once(get(`http://${admin.address}/livez`, { headers: { host } }), "response");
    await text(response);
    return response.statusCode;
  };
  for (const host of ["localhost", "localhost:9464", "127.0.0.1:1", "[::1]:9464"]) {
    assert.equal(await statusUnder(host), 200, host);
  }
  for (const host of ["attacker.example", "127.0.0.1.attacker.example:9464", "localhost.example"]) {
    assert.equal(await statusUnder(host), 403, host);
  }
});

test("a Unix socket is served, too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "routeguide-admin-"));
  try {
    const socketPath = join(folder, "admin.sock");
    const never = { isReady: () => true, metrics: () => assert.fail(), logLevel: "info", logLevels: [] };
    const admin = await openAdmin({ path: socketPath }, never);
    assert.equal(admin.address, `unix:${socketPath}`);
    const asked = request({ socketPath, path: "/livez" }).end();
    const [response] = await once(asked, "response");
    assert.equal(await text(response), "alive\n");
    await admin.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("this machine is localhost, 127.0.0.0/8 and ::1", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1"]) assert.ok(isLoopback(host), host);
  for (const host of ["", "0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example", "example"])
    assert.ok(!isLoopback(host), host);
});
