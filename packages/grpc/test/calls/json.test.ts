import assert from "node:assert/strict";
import { test } from "node:test";
import { gzip } from "../../src/envelope/node-zlib.js";
import { Code, Envelopes, jsonFormat, RpcError } from "../../src/index.js";
import { PingSchema, PongSchema } from "../gen/kinds/echo_pb.js";
import { collect, EchoPair, envelope, failure, field, ping } from "./harness.js";

const JSON_TYPE = ["content-type", "application/grpc+json"];
const json = (value: unknown) => envelope(new TextEncoder().encode(JSON.stringify(value)));

test("a call in JSON is answered in JSON", async () => {
  await using pair = new EchoPair({ unary: ({ number, text }) => ({ number: number + 1, text }) });
  const response = await pair.call("Unary", JSON_TYPE, json({ number: 1, text: "é", unknown: true }));
  assert.equal(field(response.fields, "content-type"), "application/grpc+json");
  assert.deepEqual(JSON.parse(response.body.subarray(5).toString()), { number: 2, text: "é" });
  assert.equal(field(response.trailers, "grpc-status"), "0");
});

test("what is no JSON, or none of this message, is INVALID_ARGUMENT and says why", async () => {
  await using pair = new EchoPair({ unary: () => ({}) });
  for (const body of [envelope(Buffer.from("{")), json({ number: "x" }), json([]), ping({ number: 1 })]) {
    const response = await pair.call("Unary", JSON_TYPE, body);
    assert.equal(field(response.trailers, "grpc-status"), String(Code.InvalidArgument));
    assert.equal(field(response.trailers, "content-type"), "application/grpc+json");
    assert.match(field(response.trailers, "grpc-message") ?? "", /^the request cannot be read: ./);
  }
  assert.deepEqual(pair.logged, []);
});

test("errors of a call in JSON are those of any other", async () => {
  await using pair = new EchoPair(
    {
      unary() {
        throw new RpcError(Code.NotFound, "gone", { details: [{ desc: PingSchema, value: { number: 3 } }] });
      },
    },
    { client: { format: jsonFormat() } },
  );
  const error = await failure(pair.client.unary({}), Code.NotFound);
  assert.equal(error.findDetails(PingSchema)[0]?.number, 3);
});

test("a client calls in JSON: all four kinds, envelopes included, compressed too", async () => {
  const pongs = Envelopes.of(PongSchema, [{ number: 1 }, { number: 2 }]);
  for (const client of [{ format: jsonFormat() }, { format: jsonFormat(), compression: gzip, compressMinBytes: 0 }]) {
    await using pair = new EchoPair(
      {
        unary: ({ number }) => Envelopes.of(PongSchema, [{ number }]),
        serverStream: () => [pongs, { number: 3 }],
        async clientStream(requests) {
          return { number: (await collect(requests)).length };
        },
        async *bidiStream(requests) {
          for await (const { number } of requests) yield { number };
        },
      },
      { client, server: { compressions: [gzip], compressMinBytes: 0 } },
    );
    const requests = [Envelopes.of(PingSchema, [{ number: 1 }, { number: 2 }]), { number: 3 }];
    assert.equal((await pair.client.unary({ number: 7 })).number, 7);
    const streamed = await collect(pair.client.serverStream({}));
    assert.deepEqual(
      streamed.map(({ number }) => number),
      [1, 2, 3],
    );
    assert.equal((await pair.client.clientStream(requests)).number, 3);
    assert.equal((await collect(pair.client.bidiStream(requests))).length, 3);
  }
});
