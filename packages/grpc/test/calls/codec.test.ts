import assert from "node:assert/strict";
import { test } from "node:test";
import { fromJson, toJson } from "@bufbuild/protobuf";
import { type Codec, Envelopes } from "../../src/index.js";
import { PongSchema } from "../gen/kinds/echo_pb.js";
import { EchoPair, envelope, field } from "./harness.js";
import { WebServer } from "./web-server.js";

/** Nobody writes messages so: protobuf's JSON in UTF-16. */
const wide: Codec = {
  name: "wide",
  encode: (desc, message) => Buffer.from(JSON.stringify(toJson(desc, message)), "utf16le"),
  decode: (desc, bytes) => fromJson(desc, JSON.parse(Buffer.from(bytes).toString("utf16le"))),
};
const write = (json: unknown) => Buffer.from(JSON.stringify(json), "utf16le");

test("a codec of one's own is spoken in every protocol that streams, finished envelopes too", async () => {
  await using pair = new EchoPair(
    {
      async *bidiStream(requests) {
        for await (const { number } of requests) {
          yield { number: number + 1 };
          yield Envelopes.of(PongSchema, [{ number: number + 2 }]);
        }
      },
    },
    { server: { codecs: [wide] } },
  );
  for (const type of ["application/grpc+wide", "application/grpc-web+wide", "application/connect+wide"]) {
    const response = await pair.call("BidiStream", ["content-type", type], envelope(write({ number: 1 })));
    assert.equal(field(response.fields, "content-type"), type);
    const expected = Buffer.concat([envelope(write({ number: 2 })), envelope(write({ number: 3 }))]);
    assert.ok(response.body.subarray(0, expected.length).equals(expected));
  }
});

test("it is a media type of its own for unary calls of Connect, and wrong bytes are the caller's fault", async () => {
  await using server = await WebServer.open({ unary: ({ number }) => ({ number: number + 1 }) }, { codecs: [wide] });
  const headers = { "content-type": "application/wide" };
  const response = await server.fetch("Unary", { body: write({ number: 1 }), headers });
  assert.equal(response.headers.get("content-type"), "application/wide");
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(write({ number: 2 })));
  const wrong = await server.fetch("Unary", { body: "narrow", headers });
  assert.equal(wrong.status, 400);
  const lookup = await server.fetch("Lookup?encoding=wide&base64=1&message=AAA", { method: "GET" });
  assert.equal(lookup.status, 400);
});

test("a codec may stand for JSON", async () => {
  await using server = await WebServer.open(
    { unary: ({ number }) => ({ number }) },
    { codecs: [{ ...wide, name: "json" }] },
  );
  const headers = { "content-type": "application/json" };
  const response = await server.fetch("Unary", { body: write({ number: 1 }), headers });
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(write({ number: 1 })));
});

test("what cannot be written is the handler's failure, and is not told to the caller", async () => {
  await using server = await WebServer.open(
    { unary: () => ({}) },
    {
      codecs: [
        {
          ...wide,
          encode() {
            throw new Error("a secret");
          },
        },
      ],
    },
  );
  const response = await server.fetch("Unary", { body: write({}), headers: { "content-type": "application/wide" } });
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
  assert.match(String(server.logged[0]), /cannot encode kinds\.Pong as wide: a secret/);
});
