import assert from "node:assert/strict";
import { test } from "node:test";
import { PREFIX_BYTES, writePrefix } from "../../src/envelope/prefix.js";
import { ResetCode } from "../../src/exchange.js";
import { Code, createServer, Envelopes } from "../../src/index.js";
import { collect, EchoPair, envelope, failure, field, ping } from "./harness.js";

const MEBIBYTE = 1_048_576;

function prefix(length: number, flags = 0): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES);
  writePrefix(bytes, 0, flags, length);
  return bytes;
}

const statusOf = (trailers: readonly string[] | undefined) => Number(field(trailers, "grpc-status"));

for (const length of [4 * MEBIBYTE + 1, 2 ** 31, 2 ** 32 - 1]) {
  test(`a request that declares ${length} bytes is refused on its prefix alone`, async () => {
    await using pair = new EchoPair({ unary: () => ({}), clientStream: () => new Promise(() => {}) });
    for (const method of ["Unary", "ClientStream"]) {
      const response = pair.open(method);
      response.exchange.write(prefix(length), 0, PREFIX_BYTES);
      await response.untilEnd();
      assert.equal(statusOf(response.trailers), Code.ResourceExhausted);
    }
  });
}

test("a stream of requests fails at the declared length of one that is too large", async () => {
  await using pair = new EchoPair(
    {
      async clientStream(requests) {
        return { number: (await collect(requests)).length };
      },
    },
    { server: { readMaxBytes: 100 } },
  );
  const response = pair.open("ClientStream");
  const bytes = Buffer.concat([ping(), prefix(101)]);
  response.exchange.write(bytes, 0, bytes.length);
  await response.untilEnd();
  assert.equal(statusOf(response.trailers), Code.ResourceExhausted);
  assert.match(field(response.trailers, "grpc-message") ?? "", /101 bytes is larger than the 100 bytes allowed/);
});

test("a message of exactly the limit is received, on both sides", async () => {
  const payload = new Uint8Array(96);
  const limit = ping({ payload }).length - PREFIX_BYTES;
  await using pair = new EchoPair(
    { unary: () => ({ payload }) },
    { server: { readMaxBytes: limit }, client: { readMaxBytes: limit } },
  );
  await pair.client.unary({ payload });
  await failure(pair.client.unary({ payload: new Uint8Array(97) }), Code.ResourceExhausted);
});

test("a client refuses a response that is too large, and the server hears of it", async () => {
  let isCancelled = () => false;
  await using pair = new EchoPair(
    {
      unary: () => ({ payload: new Uint8Array(200) }),
      async *serverStream(_request, call) {
        isCancelled = () => call.cancelled;
        yield { number: 1 };
        yield { payload: new Uint8Array(200) };
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      },
    },
    { client: { readMaxBytes: 100 } },
  );
  await failure(pair.client.unary({}), Code.ResourceExhausted);
  const responses = pair.client.serverStream({})[Symbol.asyncIterator]();
  assert.equal((await responses.next()).value?.number, 1, "what came before it is the caller's");
  await failure(responses.next(), Code.ResourceExhausted);
  await pair.settled();
  assert.equal(isCancelled(), true);
});

test("a message that is larger than may be sent fails on the side that would send it", async () => {
  await using pair = new EchoPair(
    { unary: () => ({ payload: new Uint8Array(200) }) },
    { server: { writeMaxBytes: 100 }, client: { writeMaxBytes: 100 } },
  );
  const error = await failure(pair.client.unary({}), Code.ResourceExhausted);
  assert.match(error.rawMessage, /writeMaxBytes/);
  await failure(pair.client.unary({ payload: new Uint8Array(200) }), Code.ResourceExhausted);
  await failure(pair.client.clientStream([{ payload: new Uint8Array(200) }]), Code.ResourceExhausted);
});

test("a method that takes one message takes neither none nor two", async () => {
  await using pair = new EchoPair({ unary: () => ({}), serverStream: () => [] });
  for (const method of ["Unary", "ServerStream"]) {
    for (const pieces of [[], [ping(), ping()], [Buffer.concat([ping(), ping()])]]) {
      const response = await pair.call(method, [], ...pieces);
      assert.equal(statusOf(response.trailers), Code.Unimplemented, `${method} with ${pieces.length} pieces`);
    }
  }
});

test("a second message where the method takes one is refused as soon as it begins", async () => {
  await using pair = new EchoPair({ unary: () => ({}) });
  for (const pieces of [[Buffer.concat([ping(), Buffer.of(0)])], [ping(), Buffer.of(0)]]) {
    const response = pair.open("Unary");
    for (const piece of pieces) response.exchange.write(piece, 0, piece.length);
    await response.untilEnd();
    assert.equal(statusOf(response.trailers), Code.Unimplemented);
  }
});

test("a message whose request has not ended does not hold the read that brought it", async () => {
  await using pair = new EchoPair({ unary: ({ number }) => ({ number }) });
  const read = Buffer.alloc(1000);
  const message = ping({ number: 7 });
  read.set(message);
  const response = pair.open("Unary");
  response.exchange.write(read, 0, message.length);
  await pair.settled();
  read.fill(0xff);
  response.exchange.end();
  await response.untilEnd();
  assert.equal(statusOf(response.trailers), 0);
});

test("a request that ends within a message is INVALID_ARGUMENT, wherever it is cut", async () => {
  await using pair = new EchoPair({
    unary: () => ({}),
    async clientStream(requests) {
      await collect(requests);
      return {};
    },
  });
  const whole = ping({ text: "cut" });
  for (let end = 1; end < whole.length; end++) {
    for (const method of ["Unary", "ClientStream"]) {
      const response = await pair.call(method, [], whole.subarray(0, end));
      assert.equal(statusOf(response.trailers), Code.InvalidArgument, `${method}, ${end} bytes`);
    }
  }
});

test("bytes that are no message are INVALID_ARGUMENT, and no failure of the server", async () => {
  await using pair = new EchoPair({
    unary: () => ({}),
    async clientStream(requests) {
      await collect(requests);
      return {};
    },
    async *bidiStream(requests) {
      for await (const batch of requests.batches()) for (const { number } of batch) yield { number };
    },
  });
  const malformed = envelope(Uint8Array.of(0x0a, 0xff));
  for (const method of ["Unary", "ClientStream", "BidiStream"]) {
    const response = await pair.call(method, [], malformed);
    assert.equal(statusOf(response.trailers), Code.InvalidArgument, method);
    assert.match(field(response.trailers, "grpc-message") ?? "", /the request cannot be read/);
  }
  assert.deepEqual(pair.logged, []);
});

test("a response that does not decode ends its stream, and the server hears of it", async () => {
  let isCancelled = () => false;
  await using pair = new EchoPair({
    unary: () => new Envelopes(envelope(Uint8Array.of(0x0a, 0xff)), 1),
    async *serverStream(_request, call) {
      isCancelled = () => call.cancelled;
      yield new Envelopes(envelope(Uint8Array.of(0x0a, 0xff)), 1);
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
    },
  });
  await failure(pair.client.unary({}), Code.Internal);
  await failure(collect(pair.client.serverStream({})), Code.Internal);
  await pair.settled();
  assert.equal(isCancelled(), true);
});

test("flags that nobody knows are an error", async () => {
  await using pair = new EchoPair({ unary: () => ({}) });
  const response = await pair.call("Unary", [], envelope(new Uint8Array(0), 0x80));
  assert.equal(statusOf(response.trailers), Code.Internal);
});

test("a request may arrive byte by byte", async () => {
  await using pair = new EchoPair({
    unary: ({ text }) => ({ text }),
    async clientStream(requests) {
      return { text: (await collect(requests)).map(({ text }) => text).join(" ") };
    },
  });
  const bytes = ping({ text: "in pieces" });
  const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  assert.equal(statusOf((await pair.call("Unary", [], ...pieces)).trailers), 0);
  assert.equal(statusOf((await pair.call("ClientStream", [], ...pieces, ...pieces)).trailers), 0);
});

test("what all calls hold of messages in part is bounded, in each protocol, and small ones pass all the same", async () => {
  const maxHeldBytes = MEBIBYTE;
  await using pair = new EchoPair({ unary: ({ number }) => ({ number }) }, { server: { maxHeldBytes } });
  const half = Buffer.concat([prefix(2 * MEBIBYTE), new Uint8Array(600_000)]);
  const open = (type: string, body: Uint8Array) => {
    const response = pair.open("Unary", "content-type", type);
    response.exchange.write(body.subarray(0, 20_000), 0, 20_000);
    response.exchange.write(body, 20_000, body.length);
    return response;
  };
  const first = open("application/grpc", half);
  const second = open("application/grpc", half);
  await second.untilEnd();
  assert.equal(statusOf(second.trailers), Code.ResourceExhausted);
  assert.match(field(second.trailers, "grpc-message") ?? "", /hold 1048576 bytes of messages that cannot be read yet/);
  const unary = open("application/proto", half.subarray(PREFIX_BYTES));
  await unary.untilEnd();
  assert.equal(unary.status, 429);
  assert.match(unary.body.toString(), /resource_exhausted/);
  assert.equal((await pair.client.unary({ number: 5, payload: new Uint8Array(10_000) })).number, 5);
  first.exchange.reset(ResetCode.Cancel);
  const third = open("application/proto", half.subarray(PREFIX_BYTES));
  third.exchange.end();
  await third.untilEnd();
  // Its zeros are no message, but they were all taken in.
  assert.equal(third.status, 400);
  const fourth = open("application/grpc", half);
  await pair.settled();
  assert.equal(fourth.trailers, undefined);
});

test("no bound below 0 is taken for what calls hold", () => {
  assert.throws(() => createServer({ maxHeldBytes: -1 }), RangeError);
  assert.throws(() => createServer({ maxHeldBytes: Number.NaN }), /maxHeldBytes is NaN/);
});
