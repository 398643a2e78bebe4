import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { gzip } from "../../src/envelope/node-zlib.js";
import { encodeGetQuery } from "../../src/protocol/connect-get.js";
import { PingSchema } from "../gen/kinds/echo_pb.js";
import { WebServer } from "./web-server.js";

const GET = { method: "GET" };
const bytes = (text: string) => new TextEncoder().encode(text);

const serve = () =>
  WebServer.open(
    {
      lookup: ({ number }, call) => ({
        number: number + 1,
        text: `${call.requestMethod} ${new URL(call.url).pathname}`,
      }),
      unary: () => ({}),
    },
    { compressions: [gzip] },
  );

test("a method without side effects can be called with GET, in either format, compressed or not", async () => {
  await using server = await serve();
  const json = bytes('{"number":1}');
  const proto = toBinary(PingSchema, create(PingSchema, { number: 1 }));
  for (const query of [
    encodeGetQuery({ format: "json", message: json, encoding: undefined }),
    encodeGetQuery({ format: "json", message: gzipSync(json), encoding: "gzip" }),
    "?encoding=json&message=%7B%22number%22%3A1%7D",
  ]) {
    const response = await server.fetch(`Lookup${query}`, GET);
    assert.deepEqual(await response.json(), { number: 2, text: "GET /kinds.Echo/Lookup" }, query);
  }
  const query = encodeGetQuery({ format: "proto", message: proto, encoding: undefined });
  const response = await server.fetch(`Lookup${query}`, GET);
  assert.equal(response.headers.get("content-type"), "application/proto");
  assert.equal(new Uint8Array(await response.arrayBuffer())[1], 2);
});

test("a query that is no request says what is wrong", async () => {
  await using server = await serve();
  for (const [query, expected] of [
    ["", /^encoding is missing/],
    ["?encoding=json", /^message is missing/],
    ["?encoding=xml&message=1", /^unknown encoding "xml"/],
    ["?encoding=json&message=1&compression=snappy", /^unknown compression "snappy"/],
    ["?encoding=json&message=%7B", /^the request cannot be read/],
    ["?encoding=json&message=%7B%7D&connect=v7", /expected v1/],
  ] as const) {
    const response = await server.fetch(`Lookup${query}`, GET);
    assert.ok(response.status === 400 || response.status === 501, query);
    assert.match(((await response.json()) as { message: string }).message, expected);
  }
});

test("other methods, and other verbs, are not for GET", async () => {
  await using server = await serve();
  const get = await server.fetch("Unary?encoding=json&message=%7B%7D", GET);
  assert.equal(get.status, 405);
  assert.match(await get.text(), /is called with POST, not with GET/);
  const put = await server.fetch("Lookup", { method: "PUT", body: "{}" });
  assert.equal(put.status, 405);
  assert.equal(put.headers.get("allow"), "GET, POST");
});
