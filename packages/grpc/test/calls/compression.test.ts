import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { deflate, gzip } from "../../src/envelope/node-zlib.js";
import { COMPRESSED } from "../../src/envelope/prefix.js";
import { Code, type Connection, createClient, type HeaderBlock, ResetCode, type Sink } from "../../src/index.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import { collect, EchoPair, envelope, failure, field, ping, transportOf } from "./harness.js";

const server = { compressions: [gzip, deflate], compressMinBytes: 0 };
const payload = new Uint8Array(50_000);

for (const compression of [gzip, deflate]) {
  test(`${compression.name} is spoken both ways, by calls of all kinds`, async () => {
    await using pair = new EchoPair(
      {
        unary: (request) => ({ payload: request.payload }),
        serverStream: (request) => [{ payload: request.payload }, { number: 2 }],
        async clientStream(requests) {
          return { number: (await collect(requests)).length };
        },
        async *bidiStream(requests) {
          for await (const request of requests) yield { payload: request.payload };
        },
      },
      { server, client: { compression, compressMinBytes: 0 } },
    );
    const { client } = pair;
    assert.deepEqual((await client.unary({ payload })).payload, payload);
    assert.equal((await collect(client.serverStream({ payload }))).length, 2);
    assert.equal((await client.clientStream([{ payload }, {}, { payload }])).number, 3);
    assert.equal((await collect(client.bidiStream([{ payload }, {}])))[0]?.payload.length, payload.length);
  });

  test(`an answer to ${compression.name} is compressed on the wire, and says so`, async () => {
    await using pair = new EchoPair({ unary: () => ({ payload }) }, { server });
    const request = envelope(compression.compress(ping().subarray(5)), COMPRESSED);
    const response = await pair.call("Unary", ["grpc-encoding", compression.name], request);
    assert.equal(field(response.fields, "grpc-encoding"), compression.name);
    assert.equal(response.body[0], COMPRESSED);
    assert.ok(response.received < 1000);
  });
}

test("a stream with a compression may hold messages without it", async () => {
  await using pair = new EchoPair({ unary: ({ number }) => ({ number }) }, { server: { compressions: [gzip] } });
  const response = await pair.call("Unary", ["grpc-encoding", "gzip"], ping({ number: 3 }));
  assert.equal(field(response.trailers, "grpc-status"), "0");
  assert.equal(response.body[0], 0, "few bytes are not worth it");
});

test("a response is compressed for whoever accepts it, if it is large enough", async () => {
  await using pair = new EchoPair(
    { unary: (request) => ({ payload: request.payload }) },
    { server: { compressions: [gzip, deflate] } },
  );
  for (const [accepted, encoding] of [
    ["identity,deflate,gzip", "gzip"],
    ["deflate", "deflate"],
    ["br, identity", undefined],
  ] as const) {
    const response = await pair.call("Unary", ["grpc-accept-encoding", accepted], ping({ payload }));
    assert.equal(field(response.fields, "grpc-encoding"), encoding, accepted);
    assert.equal(response.body[0], encoding === undefined ? 0 : COMPRESSED);
  }
  const small = await pair.call("Unary", ["grpc-accept-encoding", "gzip"], ping({ payload: new Uint8Array(900) }));
  assert.equal(small.body[0], 0);
});

test("a handler says of each message whether it is compressed, if the caller accepts that", async () => {
  await using pair = new EchoPair(
    {
      *serverStream(_request, call) {
        for (const compress of [true, false, undefined]) {
          call.compress = compress;
          yield { payload };
          yield { number: 1 };
        }
      },
    },
    { server: { compressions: [gzip] } },
  );
  const flagsOf = (body: Buffer) => {
    const flags: number[] = [];
    for (let at = 0; at < body.length; at += 5 + body.readUInt32BE(at + 1)) flags.push(body[at] ?? 0);
    return flags;
  };
  const accepted = await pair.call("ServerStream", ["grpc-accept-encoding", "gzip"], ping());
  assert.deepEqual(flagsOf(accepted.body), [1, 1, 0, 0, 1, 0]);
  const refused = await pair.call("ServerStream", [], ping());
  assert.deepEqual(flagsOf(refused.body), [0, 0, 0, 0, 0, 0]);
});

test("a client says of a call whether its messages are compressed", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, { server });
  for (const compress of [true, false]) {
    let flags: number | undefined;
    const connection: Connection = Object.assign(Object.create(pair.connection), {
      open(path: string, head: HeaderBlock, sink: Sink) {
        const exchange = pair.connection.open(path, head, sink);
        const write = exchange.write.bind(exchange);
        exchange.write = (bytes, start, end) => {
          flags = bytes[start];
          return write(bytes, start, end);
        };
        return exchange;
      },
    });
    const client = createClient(Echo, transportOf(connection), {
      compression: gzip,
      interceptors: [
        (next) => (request, call) => {
          call.compress = compress;
          return next(request, call);
        },
      ],
    });
    await client.unary({ payload: compress ? new Uint8Array(1) : payload });
    assert.equal(flags, compress ? COMPRESSED : 0);
  }
});

test("an unknown compression is UNIMPLEMENTED, and the answer lists what is accepted", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, { server });
  const response = await pair.call("Unary", ["grpc-encoding", "snappy"], ping());
  assert.equal(field(response.trailers, "grpc-status"), String(Code.Unimplemented));
  assert.equal(field(response.trailers, "grpc-accept-encoding"), "identity, gzip, deflate");
  assert.match(field(response.trailers, "grpc-message") ?? "", /"snappy": accepted are identity, gzip, deflate/);
});

test("identity is no compression", async () => {
  await using pair = new EchoPair({ unary: () => ({}) });
  const response = await pair.call("Unary", ["grpc-encoding", "identity"], ping());
  assert.equal(field(response.trailers, "grpc-status"), "0");
  assert.equal(field(response.fields, "grpc-encoding"), undefined);
});

test("a message that is marked as compressed in a stream without compression is INTERNAL", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, { server });
  const response = await pair.call("Unary", [], envelope(gzip.compress(ping().subarray(5)), COMPRESSED));
  assert.equal(field(response.trailers, "grpc-status"), String(Code.Internal));
});

test("bytes that do not decompress are INTERNAL", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, { server });
  const response = await pair.call("Unary", ["grpc-encoding", "gzip"], envelope(Uint8Array.of(1, 2, 3), COMPRESSED));
  assert.equal(field(response.trailers, "grpc-status"), String(Code.Internal));
});

test("a small message that inflates beyond the limit is RESOURCE_EXHAUSTED", async () => {
  await using pair = new EchoPair({ unary: () => ({}) }, { server: { ...server, readMaxBytes: 10_000 } });
  const bomb = envelope(gzipSync(new Uint8Array(10_000_000)), COMPRESSED);
  assert.ok(bomb.length < 10_000);
  const response = await pair.call("Unary", ["grpc-encoding", "gzip"], bomb);
  assert.equal(field(response.trailers, "grpc-status"), String(Code.ResourceExhausted));
});

test("a client refuses a compression that it does not have", async () => {
  await using pair = new EchoPair(
    { unary: () => ({ payload }) },
    { server, client: { compression: gzip, compressions: [deflate], compressMinBytes: 0 } },
  );
  await failure(pair.client.unary({ payload }), Code.Internal);
});

const MEBIBYTE = 1_048_576;
const BOMB = envelope(gzip.compress(ping({ payload: new Uint8Array(2 * MEBIBYTE) }).subarray(5)), COMPRESSED);
const GZIPPED = ["grpc-encoding", "gzip"];

test("a hundred messages that inflate to a thousand times their size are kept as they came until a handler wants them", async () => {
  await using pair = new EchoPair({ unary: () => ({}), clientStream: () => new Promise(() => {}) }, { server });
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 50; i++) {
    // No end: the caller may send more than the one message, so the handler waits for it.
    const unary = pair.open("Unary", ...GZIPPED);
    unary.exchange.write(BOMB, 0, BOMB.length);
  }
  const stream = pair.open("ClientStream", ...GZIPPED);
  for (let i = 0; i < 50; i++) stream.exchange.write(BOMB, 0, BOMB.length);
  const last = await pair.call("Unary", GZIPPED, BOMB);
  assert.equal(field(last.trailers, "grpc-status"), "0");
  const held = process.memoryUsage().arrayBuffers - before;
  assert.ok(held < 20 * MEBIBYTE, `${held} bytes`);
});

test("messages before one that does not inflate are read, and then the call ends", async () => {
  let count = 0;
  await using pair = new EchoPair(
    {
      async clientStream(requests) {
        for await (const _ of requests) count++;
        return {};
      },
    },
    { server },
  );
  const wrong = envelope(Uint8Array.of(1, 2, 3), COMPRESSED);
  const response = await pair.call("ClientStream", GZIPPED, BOMB, ping(), wrong, BOMB);
  assert.equal(field(response.trailers, "grpc-status"), String(Code.Internal));
  assert.equal(count, 2);
});

test("calls whose messages inflate to much are answered, each in its turn, however their handler reads", async () => {
  const count = async (messages: AsyncIterable<unknown>) => ({ number: (await collect(messages)).length });
  let isOver = false;
  let turns = 0;
  const next = () => {
    turns++;
    if (!isOver) setImmediate(next);
  };
  await using pair = new EchoPair(
    {
      unary: ({ payload }) => ({ number: payload.length }),
      clientStream: count,
      async *bidiStream(requests) {
        let number = 0;
        await requests.forEachBatch((batch) => {
          number += batch.count;
        });
        yield { number };
      },
    },
    { server },
  );
  for (const method of ["Unary", "ClientStream", "BidiStream"]) {
    const messages = Array.from({ length: 10 }, () => BOMB);
    turns = 0;
    isOver = false;
    setImmediate(next);
    const answers =
      method === "Unary"
        ? await Promise.all(messages.map((message) => pair.call(method, GZIPPED, message)))
        : [await pair.call(method, GZIPPED, ...messages)];
    isOver = true;
    for (const { trailers } of answers) assert.equal(field(trailers, "grpc-status"), "0");
    assert.ok(turns >= 9, `${turns} turns of the event loop for ten messages to ${method}`);
    await new Promise(setImmediate);
  }
});

test("a call that ends while its message waits to be inflated never reaches its handler", async () => {
  let handled = 0;
  await using pair = new EchoPair(
    {
      unary() {
        handled++;
        return {};
      },
    },
    { server },
  );
  const [first, second] = [pair.open("Unary", ...GZIPPED), pair.open("Unary", ...GZIPPED)];
  for (const { exchange } of [first, second]) {
    exchange.write(BOMB, 0, BOMB.length);
    exchange.end();
  }
  await first.untilClosed();
  second.exchange.reset(ResetCode.Cancel);
  await pair.server.drain(Number.POSITIVE_INFINITY);
  assert.equal(handled, 1);
});
