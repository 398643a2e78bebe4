import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { gzip } from "../../src/envelope/node-zlib.js";
import { Splitter } from "../../src/envelope/splitter.js";
import { Code, Envelopes, RpcError } from "../../src/index.js";
import { inflate } from "../../src/protocol/fault.js";
import { decodeWebTrailers, WEB_TRAILERS } from "../../src/protocol/web-trailers.js";
import type { Recorder } from "../exchange/recorder.js";
import { PongSchema } from "../gen/kinds/echo_pb.js";
import { deferred, EchoPair, envelope, field, ping } from "./harness.js";

const base64 = (bytes: Uint8Array) => Buffer.from(Buffer.from(bytes).toString("base64"));

/** The numbers in the messages of a body, and its trailers. */
function read(body: Uint8Array): { numbers: number[]; trailers: readonly string[] } {
  const splitter = new Splitter(1_000_000, gzip, WEB_TRAILERS);
  assert.equal(splitter.push(body, 0, body.length), undefined);
  const numbers: number[] = [];
  for (let came = splitter.take(); came !== undefined; came = splitter.take()) {
    const { bytes, starts, ends, count } = inflate(came);
    for (let i = 0; i < count; i++) numbers.push(fromBinary(PongSchema, bytes.subarray(starts[i], ends[i])).number);
  }
  return { numbers, trailers: decodeWebTrailers(splitter.endMessage ?? new Uint8Array(0)) ?? [] };
}

/** The body of gRPC-Web's text form, piece by piece, each as it is padded. */
function fromText(response: Recorder): Buffer {
  return Buffer.concat(
    response.body
      .toString("latin1")
      .split(/(?<==)(?!=)/)
      .map((piece) => Buffer.from(piece, "base64")),
  );
}

for (const [type, isText] of [
  ["application/grpc-web", false],
  ["application/grpc-web+proto", false],
  ["application/grpc-web-text", true],
  ["application/grpc-web-text+proto", true],
] as const) {
  const written = (bytes: Uint8Array) => (isText ? base64(bytes) : bytes);
  const bodyOf = (response: Recorder) => read(isText ? fromText(response) : response.body);

  test(`${type}: messages and trailers are in the body, which ends without others`, async () => {
    await using pair = new EchoPair({
      *serverStream({ number }, call) {
        call.responseHeader.set("x-head", "1");
        call.responseTrailer.set("x-tail", "2");
        yield { number };
        yield Envelopes.of(PongSchema, [{ number: number + 1 }, { number: number + 2 }]);
      },
    });
    const response = await pair.call("ServerStream", ["content-type", type], written(ping({ number: 5 })));
    assert.equal(response.status, 200);
    assert.equal(field(response.fields, "content-type"), `application/grpc-web${isText ? "-text" : ""}+proto`);
    assert.equal(field(response.fields, "x-head"), "1");
    assert.deepEqual(response.trailers, []);
    const { numbers, trailers } = bodyOf(response);
    assert.deepEqual(numbers, [5, 6, 7]);
    assert.deepEqual(trailers, ["grpc-status", "0", "x-tail", "2"]);
  });

  test(`${type}: an error is in the body too, before a message and after one`, async () => {
    await using pair = new EchoPair({
      *serverStream({ number }) {
        if (number > 0) yield { number };
        throw new RpcError(Code.NotFound, "no such café", { metadata: { "x-why": "gone" } });
      },
    });
    for (const number of [0, 1]) {
      const response = await pair.call("ServerStream", ["content-type", type], written(ping({ number })));
      assert.equal(response.status, 200);
      const { numbers, trailers } = bodyOf(response);
      assert.deepEqual(numbers, number === 0 ? [] : [1]);
      assert.equal(field(trailers, "grpc-status"), String(Code.NotFound));
      assert.equal(field(trailers, "grpc-message"), "no such caf%C3%A9");
      assert.equal(field(trailers, "x-why"), "gone");
    }
    const unknown = await pair.call("Nothing", ["content-type", type], written(ping()));
    assert.equal(field(bodyOf(unknown).trailers, "grpc-status"), String(Code.Unimplemented));
  });
}

test("a request in text is read in pieces that are padded or not, cut anywhere", async () => {
  await using pair = new EchoPair({ unary: ({ number, text }) => ({ number, text }) });
  const message = ping({ number: 3, text: "cut anywhere" });
  const text = Buffer.concat([
    base64(message.subarray(0, 4)),
    base64(message.subarray(4, 10)),
    base64(message.subarray(10)),
  ]);
  const pieces = [...text].map((character) => Uint8Array.of(character));
  const response = await pair.call("Unary", ["content-type", "application/grpc-web-text"], ...pieces);
  assert.deepEqual(read(fromText(response)).numbers, [3]);
});

test("a request that says it is text and is not is answered with INTERNAL, and the handler is not called", async () => {
  let calls = 0;
  await using pair = new EchoPair({ unary: () => ({ number: ++calls }) });
  const whole = base64(ping());
  for (const body of ["AAAA!", "AAAAAAA", `${whole}A`, `${whole}!`, "\u0000".repeat(100)]) {
    const type = ["content-type", "application/grpc-web-text"];
    const response = await pair.call("Unary", type, Buffer.from(body), Buffer.from("!"), whole);
    assert.equal(response.status, 200);
    const { trailers } = read(fromText(response));
    assert.equal(field(trailers, "grpc-status"), String(Code.Internal));
    assert.match(field(trailers, "grpc-message") ?? "", /not base64/);
  }
  assert.equal(calls, 0);
});

test("a stream that is not text in the middle fails its handler, and the writer gets its window back", async () => {
  const failure = deferred<unknown>();
  await using pair = new EchoPair({
    async clientStream(requests) {
      try {
        for await (const _ of requests);
      } catch (error) {
        failure.resolve(error);
        throw error;
      }
      return {};
    },
  });
  const response = pair.open("ClientStream", "content-type", "application/grpc-web-text");
  const one = base64(ping({ payload: new Uint8Array(9_999) }));
  await response.send(one, one.length);
  const bad = Buffer.alloc(2_000_000, "!");
  await response.send(bad, 10_000);
  response.exchange.end();
  await response.untilClosed();
  assert.equal(field(read(fromText(response)).trailers, "grpc-status"), String(Code.Internal));
  assert.ok((await failure.promise) instanceof RpcError);
});

test("a long stream in text gives the reader all, and the writer its window back", async () => {
  await using pair = new EchoPair({
    async clientStream(requests) {
      let received = 0;
      for await (const { payload } of requests) received += payload.length;
      return { received };
    },
  });
  const one = base64(ping({ payload: new Uint8Array(9_999) }));
  const response = pair.open("ClientStream", "content-type", "application/grpc-web-text");
  for (let i = 0; i < 100; i++) await response.send(one, one.length);
  response.exchange.end();
  await response.untilClosed();
  const body = fromText(response);
  assert.equal(fromBinary(PongSchema, body.subarray(5, 5 + (body[4] ?? 0))).received, 999_900);
});

test("gRPC-Web has its compression and its timeout in gRPC's fields", async () => {
  await using pair = new EchoPair(
    { unary: ({ number }, call) => ({ number: number + Math.ceil(call.timeoutMs() ?? 0) }) },
    { server: { compressions: [gzip], compressMinBytes: 0 } },
  );
  const request = envelope(gzip.compress(ping({ number: 0 }).subarray(5)), 1);
  const fields = ["content-type", "application/grpc-web", "grpc-encoding", "gzip", "grpc-timeout", "5S"];
  const response = await pair.call("Unary", fields, request);
  assert.equal(field(response.fields, "grpc-encoding"), "gzip");
  const { numbers } = read(response.body);
  assert.ok((numbers[0] ?? 0) > 4000);
});
