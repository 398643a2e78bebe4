import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { gzip } from "../../src/envelope/node-zlib.js";
import { Code, Envelopes, RpcError, type ServerOptions } from "../../src/index.js";
import { PingSchema, PongSchema } from "../gen/kinds/echo_pb.js";
import { type EchoImpl, EchoPair, field } from "./harness.js";
import { WebServer } from "./web-server.js";

const JSON_TYPE = { "content-type": "application/json" };
const impl: EchoImpl = {
  unary: ({ number, text }, call) => {
    if (number < 0) {
      throw new RpcError(Code.NotFound, "no such number", {
        details: [{ desc: PingSchema, value: { number } }],
        metadata: { "x-error": "yes" },
      });
    }
    call.responseHeader.set("x-head", "1");
    call.responseTrailer.set("x-tail", "2");
    return { number: number + 1, text };
  },
};

const serve = (options?: ServerOptions) => WebServer.open(impl, options);

test("a unary call of Connect is plain HTTP: JSON in, JSON out, trailers among the fields", async () => {
  await using server = await serve();
  const response = await server.post("Unary", { number: 1 });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("x-head"), "1");
  assert.equal(response.headers.get("trailer-x-tail"), "2");
  assert.deepEqual(await response.json(), { number: 2 });
});

test("protobuf's binary form is spoken too, and an empty body is an empty message", async () => {
  await using server = await serve();
  const response = await server.fetch("Unary", {
    body: new Uint8Array(0),
    headers: { "content-type": "application/proto" },
  });
  assert.equal(response.headers.get("content-type"), "application/proto");
  assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [8, 1]);
});

test("an error has its status, and all that it says as JSON", async () => {
  await using server = await serve();
  const response = await server.post("Unary", { number: -1 });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("x-error"), "yes");
  assert.deepEqual(await response.json(), {
    code: "not_found",
    message: "no such number",
    details: [{ type: "kinds.Ping", value: "CP///////////wE", debug: { number: -1 } }],
  });
});

test("wrong input is answered with what is wrong", async () => {
  await using server = await serve();
  for (const [body, expected] of [
    ["{", /^the request cannot be read: /],
    ["", /^the request cannot be read: /],
    ['{"number":"many"}', /number/],
    ["[]", /^the request cannot be read: /],
  ] as const) {
    const response = await server.fetch("Unary", { body, headers: JSON_TYPE });
    assert.equal(response.status, 400, body);
    const error = (await response.json()) as { code: string; message: string };
    assert.equal(error.code, "invalid_argument");
    assert.match(error.message, expected);
  }
});

test("what is no call is answered with what would be one", async () => {
  await using server = await serve();
  const noType = await server.fetch("Unary", { body: new Uint8Array(1), headers: {} });
  assert.equal(noType.status, 415);
  assert.match(
    await noType.text(),
    /^The request has no content type\. \/kinds\.Echo\/Unary is called with application\/proto, application\/json, or /,
  );
  const stream = await server.post("ServerStream", {});
  assert.equal(stream.status, 415);
  assert.match(await stream.text(), /which streams, is called with .*application\/connect\+json/);
  const unary = await server.fetch("Unary", { body: "{}", headers: { "content-type": "application/connect+json" } });
  assert.equal(unary.status, 415);
  const get = await server.fetch("Unary", { method: "GET" });
  assert.equal(get.status, 405);
  assert.equal(get.headers.get("allow"), "POST");
  const unknown = await server.post("Nothing", {});
  assert.equal(unknown.status, 404);
  assert.deepEqual(await unknown.json(), { code: "unimplemented", message: "there is no method /kinds.Echo/Nothing" });
  const page = await fetch(`${server.url}/page`);
  assert.equal(page.status, 404);
  assert.match(await page.text(), /^There is nothing at \/page\. Calls are made with POST/);
});

test("a request beyond the limit is refused as it comes, and so is one that inflates beyond it", async () => {
  await using server = await serve({ readMaxBytes: 1000, compressions: [gzip] });
  const long = JSON.stringify({ text: "x".repeat(2000) });
  const declared = await server.fetch("Unary", { body: long, headers: JSON_TYPE });
  assert.equal(declared.status, 429);
  assert.match(await declared.text(), /larger than the 1000 bytes allowed/);
  const inflated = await server.fetch("Unary", {
    body: gzipSync(long),
    headers: { ...JSON_TYPE, "content-encoding": "gzip" },
  });
  assert.equal(inflated.status, 429);
});

test("a unary body is compressed if the caller accepts that, and if it is worth it", async () => {
  await using server = await serve({ compressions: [gzip] });
  const big = { text: "x".repeat(5000) };
  for (const [accept, encoding] of [
    ["gzip", "gzip"],
    ["gzip;q=0", null],
    ["identity", null],
    ["br, *", "gzip"],
  ] as const) {
    const response = await server.raw("Unary", JSON.stringify(big), { ...JSON_TYPE, "accept-encoding": accept });
    assert.equal(response.headers.get("content-encoding"), encoding, accept);
    const body = encoding === null ? response.body : gunzipSync(response.body);
    assert.equal(JSON.parse(body.toString()).text.length, 5000);
  }
  const small = await server.raw("Unary", "{}", { ...JSON_TYPE, "accept-encoding": "gzip" });
  assert.equal(small.headers.get("content-encoding"), null);
});

test("a compressed request is read, and answered in kind", async () => {
  await using server = await serve({ compressions: [gzip], compressMinBytes: 0 });
  const headers = { ...JSON_TYPE, "content-encoding": "gzip", "accept-encoding": "identity" };
  const response = await server.raw("Unary", gzipSync('{"number":1}'), headers);
  assert.equal(response.headers.get("content-encoding"), "gzip");
  assert.deepEqual(JSON.parse(gunzipSync(response.body).toString()), { number: 2 });
  const unknown = await server.fetch("Unary", { body: "x", headers: { ...JSON_TYPE, "content-encoding": "snappy" } });
  assert.equal(unknown.status, 501);
});

test("a timeout is kept, whatever the handler does; a malformed one, or another version, is refused", async () => {
  await using server = await WebServer.open({ unary: () => new Promise(() => {}) });
  const late = await server.fetch("Unary", { body: "{}", headers: { ...JSON_TYPE, "connect-timeout-ms": "5" } });
  assert.equal(late.status, 504);
  assert.equal(((await late.json()) as { code: string }).code, "deadline_exceeded");
  for (const field of [{ "connect-timeout-ms": "5s" }, { "connect-protocol-version": "2" }]) {
    const response = await server.fetch("Unary", { body: "{}", headers: { ...JSON_TYPE, ...field } });
    assert.equal(response.status, 400);
  }
});

test("a handler's head that was sent early does not bind the status of an error after it", async () => {
  await using server = await WebServer.open({
    unary: (_, call) => {
      call.sendHeader();
      throw new RpcError(Code.Aborted, "again");
    },
  });
  const response = await server.post("Unary", {});
  assert.equal(response.status, 409);
});

test("streams of Connect end in an envelope of JSON, with error and trailers", async () => {
  await using pair = new EchoPair({
    async *bidiStream(requests, call) {
      call.responseTrailer.set("x-tail", "2");
      for await (const { number } of requests) {
        if (number < 0) throw new RpcError(Code.Aborted, "again");
        yield Envelopes.of(PongSchema, [{ number }]);
      }
    },
  });
  for (const [numbers, end] of [
    [[1, 2], { metadata: { "x-tail": ["2"] } }],
    [[1, -2], { error: { code: "aborted", message: "again" }, metadata: { "x-tail": ["2"] } }],
    [[-1], { error: { code: "aborted", message: "again" }, metadata: { "x-tail": ["2"] } }],
  ] as const) {
    const messages = numbers.map((number) => jsonEnvelope({ number }));
    const response = await pair.call("BidiStream", ["content-type", "application/connect+json"], ...messages);
    assert.equal(response.status, 200);
    assert.equal(field(response.fields, "content-type"), "application/connect+json");
    const answers = numbers.filter((number) => number > 0).map((number) => ({ flags: 0, json: { number } }));
    assert.deepEqual(jsonEnvelopes(response.body), [...answers, { flags: 2, json: end }]);
  }
});

test("a stream of Connect is refused in its own form, and cut messages are told", async () => {
  await using pair = new EchoPair({ clientStream: async () => ({}) });
  const type = ["content-type", "application/connect+json"];
  const code = (body: Buffer) => (jsonEnvelopes(body).at(-1) as { json: { error: { code: string } } }).json.error.code;
  const encoding = await pair.call("ClientStream", [...type, "connect-content-encoding", "snappy"]);
  assert.equal(code(encoding.body), "unimplemented");
  const unknown = await pair.call("Nothing", type);
  assert.equal(code(unknown.body), "unimplemented");
  const cut = await pair.call("ClientStream", type, Uint8Array.of(0, 0, 0, 0, 5, 1));
  assert.equal(code(cut.body), "invalid_argument");
});

function jsonEnvelope(json: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(json));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(text.length, 1);
  return Buffer.concat([prefix, text]);
}

function jsonEnvelopes(body: Buffer): { flags: number; json: unknown }[] {
  const read: { flags: number; json: unknown }[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    read.push({ flags: body[at] ?? 0, json: JSON.parse(body.toString("utf8", at + 5, end)) });
    at = end;
  }
  return read;
}
