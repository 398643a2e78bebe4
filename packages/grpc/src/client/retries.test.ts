import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, deferred, type EchoImpl, EchoPair, failure, later } from "../../test/calls/harness.js";
import type { Clock } from "../carrier/clock.js";
import { Code, RpcError, type ServiceConfigJson, serviceConfig } from "../index.js";

/** Keeps what was waited for, and waits for nothing. */
class Impatient implements Clock {
  readonly waits: number[] = [];

  now(): number {
    return 0;
  }

  random(): number {
    return 0.5;
  }

  after(ms: number, callback: () => void): () => void {
    this.waits.push(ms);
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  }
}

const RETRY: ServiceConfigJson = {
  methodConfig: [
    {
      name: [{ service: "kinds.Echo" }],
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: "0.1s",
        maxBackoff: "0.3s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

function retrying(impl: EchoImpl, json: ServiceConfigJson = RETRY) {
  const clock = new Impatient();
  return { clock, pair: new EchoPair(impl, { client: { serviceConfig: serviceConfig(json, clock) } }) };
}

const unavailable = (metadata?: Record<string, string>) =>
  new RpcError(Code.Unavailable, "not now", metadata && { metadata });

test("a call is tried again until it succeeds, after growing waits, and the server is told how often", async () => {
  const attempts: (string | undefined)[] = [];
  const { clock, pair } = retrying({
    unary(request, call) {
      attempts.push(call.header("grpc-previous-rpc-attempts"));
      if (attempts.length < 4) throw unavailable();
      return { number: request.number };
    },
  });
  await using _ = pair;
  assert.equal((await pair.client.unary({ number: 7 })).number, 7);
  assert.deepEqual(attempts, [undefined, "1", "2", "3"]);
  assert.deepEqual(clock.waits, [100, 200, 300]);
});

test("a response that has begun is not tried again", async () => {
  let attempts = 0;
  const heads: string[] = [];
  const { pair } = retrying({
    unary(_request, call) {
      call.responseHeader.set("x-attempt", String(++attempts));
      throw unavailable();
    },
  });
  await using _ = pair;
  const onHeader = (headers: Headers) => heads.push(headers.get("x-attempt") ?? "");
  await failure(pair.client.unary({}, { onHeader }), Code.Unavailable);
  // Fields of its own make a head of their own.
  assert.equal(attempts, 1);
  assert.deepEqual(heads, ["1"]);
});

test("maxAttempts bounds the attempts", async () => {
  let attempts = 0;
  const { pair } = retrying({
    unary() {
      attempts++;
      throw unavailable();
    },
  });
  await using _ = pair;
  await failure(pair.client.unary({}), Code.Unavailable);
  assert.equal(attempts, 4);
});

test("a code that is not named is not tried again", async () => {
  let attempts = 0;
  const { pair } = retrying({
    unary() {
      attempts++;
      throw new RpcError(Code.Aborted, "no");
    },
  });
  await using _ = pair;
  await failure(pair.client.unary({}), Code.Aborted);
  assert.equal(attempts, 1);
});

test("the server may say how long to wait, and the backoff begins anew", async () => {
  const pushbacks = [undefined, "250", undefined];
  const { clock, pair } = retrying({
    unary() {
      const pushback = pushbacks[clock.waits.length];
      throw unavailable(pushback === undefined ? undefined : { "grpc-retry-pushback-ms": pushback });
    },
  });
  await using _ = pair;
  await failure(pair.client.unary({}), Code.Unavailable);
  assert.deepEqual(clock.waits, [100, 250, 100]);
});

test("a server that says a negative wait, or none that can be read, wants no other attempt", async () => {
  for (const pushback of ["-1", "", "soon", "1.5"]) {
    let attempts = 0;
    const { pair } = retrying({
      unary() {
        attempts++;
        throw unavailable({ "grpc-retry-pushback-ms": pushback });
      },
    });
    await using _ = pair;
    await failure(pair.client.unary({}), Code.Unavailable);
    assert.equal(attempts, 1, `"${pushback}"`);
  }
});

test("what a stream of requests has sent is sent again, in its order, and the rest follows", async () => {
  const seen: number[][] = [];
  const more = deferred();
  const { pair } = retrying({
    async clientStream(requests) {
      const numbers: number[] = [];
      seen.push(numbers);
      for await (const { number } of requests) {
        numbers.push(number);
        if (seen.length === 1 && numbers.length === 2) throw unavailable();
        if (seen.length === 2 && numbers.length === 2) more.resolve();
      }
      return { received: numbers.length };
    },
  });
  await using _ = pair;
  async function* requests() {
    yield { number: 1 };
    yield { number: 2 };
    await more.promise;
    yield { number: 3 };
  }
  assert.equal((await pair.client.clientStream(requests())).received, 3);
  assert.deepEqual(seen, [
    [1, 2],
    [1, 2, 3],
  ]);
});

test("a stream of responses is tried again before its first message, and not after", async () => {
  let attempts = 0;
  const { pair } = retrying({
    async *serverStream() {
      if (++attempts === 1) throw unavailable();
      yield { number: attempts };
      throw unavailable();
    },
  });
  await using _ = pair;
  const numbers: number[] = [];
  const reading = (async () => {
    for await (const { number } of pair.client.serverStream({})) numbers.push(number);
  })();
  await failure(reading, Code.Unavailable);
  assert.deepEqual(numbers, [2]);
});

test("a stream that has sent more than is kept is not tried again", async () => {
  let attempts = 0;
  const { pair } = retrying({
    async clientStream(requests) {
      attempts++;
      let bytes = 0;
      for await (const { payload } of requests) {
        bytes += payload.length;
        if (bytes > 1_100_000) throw unavailable();
      }
      return {};
    },
  });
  await using _ = pair;
  const pieces = Array.from({ length: 20 }, () => ({ payload: new Uint8Array(100_000) }));
  await failure(pair.client.clientStream(later(...pieces)), Code.Unavailable);
  assert.equal(attempts, 1);
});

test("a call that is cancelled during a wait ends at once", async () => {
  const attempts: number[] = [];
  const abort = new AbortController();
  const clock = new Impatient();
  clock.after = (ms) => {
    clock.waits.push(ms);
    queueMicrotask(() => abort.abort());
    return () => attempts.push(-1);
  };
  await using pair = new EchoPair(
    {
      unary() {
        attempts.push(1);
        throw unavailable();
      },
    },
    { client: { serviceConfig: serviceConfig(RETRY, clock) } },
  );
  await failure(pair.client.unary({}, { signal: abort.signal }), Code.Canceled);
  // The wait was given up.
  assert.deepEqual(attempts, [1, -1]);
});

test("with half of the tokens gone nothing is tried again, until successes bring them back", async () => {
  let attempts = 0;
  let isDown = true;
  const { pair } = retrying(
    {
      unary() {
        attempts++;
        if (isDown) throw unavailable();
        return {};
      },
    },
    { ...RETRY, retryThrottling: { maxTokens: 4, tokenRatio: 1 } },
  );
  await using _ = pair;
  // The first failure leaves 3 of 4 tokens, the second 2, which is half.
  await failure(pair.client.unary({}), Code.Unavailable);
  assert.equal(attempts, 2);
  await failure(pair.client.unary({}), Code.Unavailable);
  assert.equal(attempts, 3);
  isDown = false;
  for (let i = 0; i < 4; i++) await pair.client.unary({});
  isDown = true;
  attempts = 0;
  await failure(pair.client.unary({}), Code.Unavailable);
  assert.equal(attempts, 2);
});

test("bidirectional streams are tried again like the others", async () => {
  let attempts = 0;
  const { pair } = retrying({
    async *bidiStream(requests) {
      attempts++;
      for await (const { number } of requests) {
        if (attempts < 3) throw unavailable();
        yield { number };
      }
    },
  });
  await using _ = pair;
  const answers = await collect(pair.client.bidiStream(later({ number: 1 }, { number: 2 })));
  assert.deepEqual(
    answers.map(({ number }) => number),
    [1, 2],
  );
});
