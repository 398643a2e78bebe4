import assert from "node:assert/strict";
import { connect } from "node:http2";
import { test } from "node:test";
import { createServer } from "../../src/index.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import { WebServer } from "./web-server.js";

const APP = "https://app.example.com";
const OTHER = "https://other.example.com";
const listed = { cors: { origins: [APP] } };

const preflight = (server: WebServer, origin: string) =>
  server.fetch("Unary", {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "connect-timeout-ms,content-type,x-mine",
    },
  });

const call = (server: WebServer, origin: string) =>
  server.fetch("Unary", { body: "{}", headers: { origin, "content-type": "application/json" } });

test("a preflight of an allowed origin is told what it may send, and for how long that holds", async () => {
  await using server = await WebServer.open({}, listed);
  const { status, headers } = await preflight(server, APP);
  assert.equal(status, 204);
  assert.equal(headers.get("access-control-allow-origin"), APP);
  assert.equal(headers.get("access-control-allow-methods"), "GET, POST");
  assert.equal(headers.get("access-control-allow-headers"), "connect-timeout-ms,content-type,x-mine");
  assert.equal(headers.get("access-control-max-age"), "7200");
  assert.equal(headers.get("vary"), "origin, access-control-request-headers");
  assert.equal(headers.get("access-control-allow-credentials"), null);
});

test("one of another origin is refused, and a call of it is answered without leave to read it", async () => {
  await using server = await WebServer.open({ unary: () => ({}) }, listed);
  const refused = await preflight(server, OTHER);
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /^Pages of https:\/\/other\.example\.com may not call\./);
  const answered = await call(server, OTHER);
  assert.equal(answered.headers.get("access-control-allow-origin"), null);
  assert.equal(answered.headers.get("access-control-expose-headers"), null);
  assert.equal(answered.headers.get("vary"), "origin");
});

test("an allowed page may read every field of the answer, of an error too", async () => {
  await using server = await WebServer.open(
    {
      unary: (_request, { responseHeader, responseTrailer }) => {
        responseHeader.set("x-head", "1");
        responseTrailer.set("x-tail", "2");
        return {};
      },
    },
    listed,
  );
  const { headers } = await call(server, APP);
  assert.equal(headers.get("access-control-allow-origin"), APP);
  assert.equal(headers.get("access-control-expose-headers"), "content-type, x-head, trailer-x-tail");
  const missing = await server.fetch("Missing", {
    body: "{}",
    headers: { origin: APP, "content-type": "application/json" },
  });
  assert.equal(missing.status, 501);
  assert.equal(missing.headers.get("access-control-allow-origin"), APP);
});

test('"*" is for all, and needs no variants in caches', async () => {
  await using server = await WebServer.open({ unary: () => ({}) }, { cors: { origins: "*", maxAgeSeconds: 5 } });
  const { headers } = await call(server, "null");
  assert.equal(headers.get("access-control-allow-origin"), "*");
  assert.equal(headers.get("vary"), null);
  assert.equal((await preflight(server, OTHER)).headers.get("access-control-max-age"), "5");
});

test("credentials are allowed to origins that are named", async () => {
  await using server = await WebServer.open({}, { cors: { origins: [APP], credentials: true } });
  assert.equal((await preflight(server, APP)).headers.get("access-control-allow-credentials"), "true");
});

test("what a GET gets differs by origin, whoever asks", async () => {
  await using server = await WebServer.open({ lookup: () => ({}) }, listed);
  const query = "Lookup?encoding=json&message=%7B%7D";
  const plain = await server.fetch(query, { method: "GET" });
  assert.equal(plain.headers.get("vary"), "origin");
  const page = await server.fetch(query, { method: "GET", headers: { origin: APP } });
  assert.equal(page.headers.get("access-control-allow-origin"), APP);
});

test("over HTTP/2 it is the same", async () => {
  await using server = await WebServer.open({}, listed);
  const session = connect(server.url);
  const head = { ":method": "OPTIONS", ":path": "/kinds.Echo/Unary", "access-control-request-method": "POST" };
  const stream = session.request({ ...head, origin: APP }, { endStream: true });
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", resolve));
  assert.equal(headers[":status"], 204);
  assert.equal(headers["access-control-allow-origin"], APP);
  stream.resume();
  await new Promise<void>((resolve) => session.close(resolve));
});

test("without the option a preflight is a method that cannot be called so", async () => {
  await using server = await WebServer.open({});
  const { status, headers } = await preflight(server, APP);
  assert.equal(status, 405);
  assert.equal(headers.get("access-control-allow-origin"), null);
});

test("what is no origin is refused when the server is made", () => {
  for (const origin of ["app.example.com", `${APP}/`, `${APP}/page`, "*"]) {
    assert.throws(() => createServer({ cors: { origins: [origin] } }).service(Echo, {}), TypeError, origin);
  }
  assert.throws(() => createServer({ cors: { origins: "*", credentials: true } }), /name the origins/);
});
