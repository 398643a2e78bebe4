import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryPair } from "../../src/carrier/memory.js";
import type { Accept, Connection, Transport } from "../../src/exchange.js";
import { Code, createClient, createServer, ResetCode } from "../../src/index.js";
import { inMemory } from "../../src/testing.js";
import type { Recorder } from "../exchange/recorder.js";
import { Echo } from "../gen/kinds/echo_pb.js";
import { collect, deferred, type EchoImpl, EchoPair, failure, later, openRaw, ping } from "./harness.js";

/** A server whose every exchange says how often its slot was given back. */
function counted(impl: EchoImpl) {
  const server = createServer({ onError: () => {} }).service(Echo, impl);
  const released: number[] = [];
  const accept: Accept = (exchange) => {
    const index = released.push(0) - 1;
    const release = exchange.release.bind(exchange);
    exchange.release = () => {
      released[index] = (released[index] ?? 0) + 1;
      release();
    };
    return server.accept(exchange);
  };
  const connection = memoryPair(accept, { maxExchanges: 1 });
  const call = async (method: string, fields: string[], ...pieces: Uint8Array[]): Promise<Recorder> => {
    const response = openRaw(connection, `/kinds.Echo/${method}`, fields);
    for (const piece of pieces) response.exchange.write(piece, 0, piece.length);
    response.exchange.end();
    await response.untilClosed();
    return response;
  };
  return { released, connection, call };
}

const slotFree = async (connection: Connection) => {
  // With one slot, this is answered only once the one before has given its own back.
  const probe = openRaw(connection, "/nothing/here", []);
  probe.exchange.end();
  await probe.untilClosed();
};

const ENDINGS: Record<string, { impl: EchoImpl; method: string; fields?: string[]; pieces: Uint8Array[] }> = {
  "ends well": { impl: { unary: () => ({}) }, method: "Unary", pieces: [ping()] },
  fails: { impl: { unary: () => Promise.reject(new Error("no")) }, method: "Unary", pieces: [ping()] },
  "fails in its generator": {
    impl: {
      async *serverStream() {
        yield { number: 1 };
        throw new Error("no");
      },
    },
    method: "ServerStream",
    pieces: [ping()],
  },
  "yields what cannot be sent": {
    impl: { bidiStream: () => later({ number: "x" } as unknown as { number: number }) },
    method: "BidiStream",
    pieces: [],
  },
  "has no handler": { impl: {}, method: "Unary", pieces: [ping()] },
  "has no request": { impl: { unary: () => ({}) }, method: "Unary", pieces: [] },
  "has a malformed request": {
    impl: { unary: () => ({}) },
    method: "Unary",
    pieces: [Uint8Array.of(0, 0, 0, 0, 1, 8)],
  },
  "is cut": { impl: { clientStream: async () => ({}) }, method: "ClientStream", pieces: [Uint8Array.of(0, 0)] },
  "has no time": { impl: { unary: () => ({}) }, method: "Unary", fields: ["grpc-timeout", "0m"], pieces: [ping()] },
  "has a malformed head": { impl: {}, method: "Unary", fields: ["grpc-timeout", "x"], pieces: [] },
  "is not there": { impl: {}, method: "Nothing", pieces: [] },
};

for (const [ending, { impl, method, fields = [], pieces }] of Object.entries(ENDINGS)) {
  test(`the slot of a call that ${ending} is given back once`, async () => {
    const { released, connection, call } = counted(impl);
    await call(method, fields, ...pieces);
    await slotFree(connection);
    await slotFree(connection);
    assert.equal(released[0], 1);
  });
}

test("the slot of a cancelled call is given back when its handler has settled, not before", async () => {
  const go = deferred();
  const begun = deferred();
  const { released, connection } = counted({
    async unary() {
      begun.resolve();
      await go.promise;
      return {};
    },
  });
  const response = openRaw(connection, "/kinds.Echo/Unary", []);
  response.exchange.write(ping(), 0, ping().length);
  response.exchange.end();
  await begun.promise;
  response.exchange.reset(ResetCode.Cancel);
  await response.untilClosed();
  assert.equal(connection.openable, 0);
  assert.deepEqual(released, [0]);
  go.resolve();
  await slotFree(connection);
  assert.equal(released[0], 1);
});

test("the slot of a cancelled stream is given back when its generator has cleaned up", async () => {
  const go = deferred();
  const cleaning = deferred();
  const { released, connection } = counted({
    async *serverStream() {
      try {
        for (;;) {
          yield {};
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        cleaning.resolve();
        await go.promise;
      }
    },
  });
  const response = openRaw(connection, "/kinds.Echo/ServerStream", []);
  response.exchange.write(ping(), 0, ping().length);
  response.exchange.end();
  await response.untilBytes(1);
  response.exchange.reset(ResetCode.Cancel);
  await cleaning.promise;
  assert.deepEqual(released, [0]);
  go.resolve();
  await slotFree(connection);
  assert.equal(released[0], 1);
});

test("the slot of a cancelled stream without return() is given back when its last promise settles", async () => {
  const go = deferred<IteratorResult<{ number: number }>>();
  const begun = deferred();
  const { released, connection } = counted({
    serverStream: () => ({
      [Symbol.asyncIterator]: () => ({
        next() {
          begun.resolve();
          return go.promise;
        },
      }),
    }),
  });
  const response = openRaw(connection, "/kinds.Echo/ServerStream", []);
  response.exchange.write(ping(), 0, ping().length);
  response.exchange.end();
  await begun.promise;
  response.exchange.reset(ResetCode.Cancel);
  await response.untilClosed();
  assert.deepEqual(released, [0]);
  go.resolve({ done: false, value: { number: 1 } });
  await slotFree(connection);
  assert.equal(released[0], 1);
});

test("a server that drains lets its calls end, and takes no more", async () => {
  const go = deferred();
  const begun = deferred();
  await using pair = new EchoPair({
    async unary() {
      begun.resolve();
      await go.promise;
      return { number: 1 };
    },
  });
  const running = pair.client.unary({});
  await begun.promise;
  let isDrained = false;
  const drained = pair.server.drain(60_000).then(() => {
    isDrained = true;
  });
  await failure(pair.client.unary({}), Code.Unavailable);
  assert.equal(isDrained, false);
  go.resolve();
  assert.equal((await running).number, 1);
  await drained;
});

test("after the grace of a drain, what still runs ends with UNAVAILABLE", async () => {
  const begun = deferred();
  const aborted = deferred();
  await using pair = new EchoPair({
    unary(_request, call) {
      call.signal.addEventListener("abort", () => aborted.resolve());
      begun.resolve();
      return new Promise(() => {});
    },
  });
  const running = failure(pair.client.unary({}), Code.Unavailable);
  await begun.promise;
  await pair.server.drain(1);
  await running;
  await aborted.promise;
});

test("a drain without end waits however long a call runs, and what is no time is refused", async () => {
  const [begun, go] = [deferred(), deferred()];
  await using pair = new EchoPair({
    async unary() {
      begun.resolve();
      await go.promise;
      return { number: 5 };
    },
  });
  const response = pair.client.unary({});
  await begun.promise;
  await assert.rejects(
    pair.server.drain("10s" as unknown as number),
    /^RangeError: graceMs is "10s": expected a number/,
  );
  const drained = pair.server.drain(Number.POSITIVE_INFINITY);
  // Node's timers take a time that is too long for one of a millisecond, which would come before this one.
  await new Promise((resolve) => setTimeout(resolve, 1));
  go.resolve();
  assert.equal((await response).number, 5);
  await drained;
});

test("a server without calls drains at once, any number of times", async () => {
  const server = createServer().service(Echo, {});
  await server.drain(60_000);
  await Promise.all([server.drain(60_000), server.drain(0)]);
});

/** A transport whose first connections refuse, as ones that drain do. */
function refusing(refusals: number, accept: Accept): Transport & { readonly asked: number } {
  const good = memoryPair(accept);
  let asked = 0;
  return {
    protocolName: "grpc",
    get asked() {
      return asked;
    },
    connection() {
      if (asked++ >= refusals) return good;
      const refused = memoryPair(() => assert.fail("reached the server"));
      refused.drain();
      return refused;
    },
    [Symbol.asyncDispose]: async () => good.close(),
  };
}

test("a call that the server refused before it began is tried once more, without the caller knowing", async () => {
  const sent: number[] = [];
  const server = createServer().service(Echo, { unary: ({ number }) => ({ number }) });
  const transport = refusing(1, server.accept);
  const client = createClient(Echo, transport, { observer: { sent: (_call, count) => sent.push(count) } });
  assert.equal((await client.unary({ number: 5 }, { timeoutMs: 60_000 })).number, 5);
  assert.equal(transport.asked, 2);
});

test("a call that is refused twice is UNAVAILABLE, and so is a refused stream of requests", async () => {
  const server = createServer().service(Echo, {});
  const client = createClient(Echo, refusing(2, server.accept));
  await failure(client.unary({}), Code.Unavailable);
  const streaming = createClient(Echo, refusing(1, server.accept));
  await failure(streaming.clientStream([{ number: 1 }]), Code.Unavailable);
});

test("a transport that cannot connect is UNAVAILABLE, with its reason", async () => {
  for (const connection of [
    () => Promise.reject(new Error("nobody listens there")),
    () => {
      throw new Error("nobody listens there");
    },
  ]) {
    const client = createClient(Echo, {
      protocolName: "grpc",
      connection,
      [Symbol.asyncDispose]: async () => {},
    });
    const error = await failure(client.unary({}), Code.Unavailable);
    assert.equal(error.rawMessage, "nobody listens there");
    await failure(collect(client.bidiStream([])), Code.Unavailable);
  }
});

test("a transport is told whether a call waits for a connection", async () => {
  const asked: boolean[] = [];
  const server = createServer().service(Echo, { unary: () => ({}) });
  const inner = inMemory(server);
  const client = createClient(Echo, {
    ...inner,
    connection(waitForReady) {
      asked.push(waitForReady);
      return inner.connection(waitForReady);
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  });
  await client.unary({});
  await client.unary({}, { waitForReady: true });
  assert.deepEqual(asked, [false, true]);
});

test("defaults of a client hold for calls that do not say otherwise", async () => {
  await using pair = new EchoPair(
    { unary: (_request, call) => ({ number: Math.round((call.timeoutMs() ?? 0) / 10_000) }) },
    { client: { defaults: { timeoutMs: 50_000 } } },
  );
  assert.equal((await pair.client.unary({})).number, 5);
  assert.equal((await pair.client.unary({}, { timeoutMs: 20_000 })).number, 2);
});

test("a server that ends its answer early is not sent the rest of the request", async () => {
  const ended = deferred();
  await using pair = new EchoPair({ clientStream: async () => ({ number: 1 }) });
  const requests = async function* () {
    try {
      yield { number: 1 };
      await new Promise(() => {});
    } finally {
      ended.resolve();
    }
  };
  assert.equal((await pair.client.clientStream(requests())).number, 1);
  await pair.settled();
  assert.equal(pair.connection.openable, 100, "nothing is left open");
});
