import assert from "node:assert/strict";
import { test } from "node:test";
import { type Call, Code, ResetCode, RpcError } from "../../src/index.js";
import { collect, deferred, EchoPair, failure, later, ping } from "./harness.js";

const reasonOf = ({ signal }: Call) => (signal.reason as RpcError).code;

test("a caller's signal stops the reading of messages that have come, too", async () => {
  const abort = new AbortController();
  await using pair = new EchoPair({
    *serverStream() {
      for (let number = 1; number <= 3; number++) yield { number };
    },
  });
  const numbers: number[] = [];
  const reading = (async () => {
    for await (const { number } of pair.client.serverStream({}, { signal: abort.signal })) {
      numbers.push(number);
      await pair.settled();
      abort.abort();
    }
  })();
  await failure(reading, Code.Canceled);
  assert.deepEqual(numbers, [1]);
});

test("a caller that cancels aborts the handler's signal, and ends its requests with CANCELED", async () => {
  const seen = deferred<unknown[]>();
  const begun = deferred();
  await using pair = new EchoPair({
    async clientStream(requests, call) {
      const { signal } = call;
      begun.resolve();
      const error = await failure(collect(requests), Code.Canceled);
      seen.resolve([signal.aborted, reasonOf(call), call.cancelled, error.rawMessage]);
      return {};
    },
  });
  const response = pair.open("ClientStream");
  await begun.promise;
  response.exchange.reset(ResetCode.Cancel);
  assert.deepEqual(await seen.promise, [true, Code.Canceled, true, "the caller cancelled the call"]);
});

test("a signal that is made after the end is aborted already, and says why", async () => {
  const go = deferred();
  const seen = deferred<Code>();
  await using pair = new EchoPair({
    async unary(_request, call) {
      await go.promise;
      seen.resolve(reasonOf(call));
      return {};
    },
  });
  await failure(pair.client.unary({}, { timeoutMs: 3 }), Code.DeadlineExceeded);
  await pair.settled();
  go.resolve();
  assert.ok([Code.DeadlineExceeded, Code.Canceled].includes(await seen.promise));
});

test("leaving a loop over responses cancels the call on the server, where the generator cleans up", async () => {
  const cleaned = deferred<boolean>();
  let pulled = 0;
  await using pair = new EchoPair({
    async *serverStream(_request, call) {
      try {
        for (let number = 0; ; number++) {
          pulled++;
          yield { number };
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        cleaned.resolve(call.signal.aborted);
      }
    },
  });
  for await (const { number } of pair.client.serverStream({})) if (number === 2) break;
  assert.equal(await cleaned.promise, true);
  const atEnd = pulled;
  await pair.settled();
  assert.equal(pulled, atEnd);
});

test("a plain generator that waits for room cleans up when its caller goes", async () => {
  const cleaned = deferred();
  await using pair = new EchoPair({
    *serverStream() {
      try {
        for (;;) yield { payload: new Uint8Array(1000) };
      } finally {
        cleaned.resolve();
      }
    },
  });
  for await (const _ of pair.client.serverStream({})) break;
  await cleaned.promise;
});

test("leaving a loop over batches cancels too", async () => {
  const cleaned = deferred();
  await using pair = new EchoPair({
    *bidiStream() {
      try {
        for (;;) yield { payload: new Uint8Array(1000) };
      } finally {
        cleaned.resolve();
      }
    },
  });
  for await (const _ of pair.client.bidiStream([]).batches()) break;
  await cleaned.promise;
});

test("cancel() ends the call, here with CANCELED and on the server", async () => {
  const aborted = deferred();
  await using pair = new EchoPair({
    async *serverStream(_request, call) {
      yield { number: 1 };
      call.signal.addEventListener("abort", () => aborted.resolve());
      await aborted.promise;
    },
  });
  const responses = pair.client.serverStream({});
  const iterator = responses[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).done, false);
  const next = iterator.next();
  responses.cancel();
  await failure(next, Code.Canceled);
  await aborted.promise;
});

test("an AbortSignal cancels a call, with its reason as the cause", async () => {
  const aborted = deferred();
  await using pair = new EchoPair({
    unary: (_request, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborted.resolve();
          reject(signal.reason);
        });
      }),
  });
  const controller = new AbortController();
  const response = pair.client.unary({}, { signal: controller.signal });
  await pair.settled();
  controller.abort(new Error("no longer wanted"));
  const error = await failure(response, Code.Canceled);
  assert.equal((error.cause as Error).message, "no longer wanted");
  await aborted.promise;
  assert.deepEqual(pair.logged, []);
});

test("a signal that times out is a deadline, also if it has done so before the call", async () => {
  await using pair = new EchoPair({ unary: () => new Promise(() => {}) });
  const signal = AbortSignal.timeout(1);
  for (let i = 0; i < 2; i++) {
    const error = await failure(pair.client.unary({}, { signal }), Code.DeadlineExceeded);
    assert.equal(error.cause, signal.reason);
  }
});

test("a signal that is aborted with what cannot be looked at cancels like any other", async () => {
  const reason = new Proxy(new Error("hidden"), {
    getPrototypeOf() {
      throw new Error("a trap");
    },
  });
  await using pair = new EchoPair({ unary: () => new Promise(() => {}) });
  await failure(pair.client.unary({}, { signal: AbortSignal.abort(reason) }), Code.Canceled);
});

test("a signal that was aborted before lets no call out", async () => {
  let calls = 0;
  await using pair = new EchoPair({
    unary() {
      calls++;
      return {};
    },
  });
  const signal = AbortSignal.abort();
  await failure(pair.client.unary({}, { signal }), Code.Canceled);
  await failure(collect(pair.client.serverStream({}, { signal })), Code.Canceled);
  await pair.settled();
  assert.equal(calls, 0);
});

test("an AbortSignal is seen at once, before messages that lie ready", async () => {
  await using pair = new EchoPair({
    async *serverStream() {
      for (let number = 1; ; number++) {
        yield { number };
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  });
  const controller = new AbortController();
  const responses = pair.client.serverStream({}, { signal: controller.signal })[Symbol.asyncIterator]();
  assert.equal((await responses.next()).value?.number, 1);
  await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
  controller.abort();
  await failure(responses.next(), Code.Canceled);
});

test("calls that have ended do not listen to a signal that lives longer", async () => {
  await using pair = new EchoPair({ unary: () => ({}) });
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  for (let i = 0; i < 5; i++) await pair.client.unary({}, { signal });
  assert.equal(listeners, 0);
});

test("a lost connection is UNAVAILABLE for the caller, and cancels the handler", async () => {
  const begun = deferred();
  const aborted = deferred<string>();
  await using pair = new EchoPair({
    unary(_request, { signal }) {
      signal.addEventListener("abort", () => aborted.resolve((signal.reason as RpcError).rawMessage));
      begun.resolve();
      return new Promise(() => {});
    },
  });
  const response = pair.client.unary({});
  await begun.promise;
  pair.connection.close();
  await failure(response, Code.Unavailable);
  assert.equal(await aborted.promise, "the connection was lost");
});

test("a server that ends early lets the caller's generator of requests clean up", async () => {
  const cleaned = deferred();
  await using pair = new EchoPair({ clientStream: async () => ({ number: 1 }) });
  const requests = async function* () {
    try {
      for (;;) {
        yield { payload: new Uint8Array(1000) };
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      cleaned.resolve();
    }
  };
  assert.equal((await pair.client.clientStream(requests())).number, 1);
  await cleaned.promise;
});

test("a caller's generator that throws cancels the call, and the caller sees the error", async () => {
  const ended = deferred<Code>();
  await using pair = new EchoPair({
    async clientStream(requests) {
      ended.resolve((await failure(collect(requests), Code.Canceled)).code);
      return {};
    },
  });
  const requests = async function* () {
    yield { number: 1 };
    throw new Error("the file is gone");
  };
  const error = await failure(pair.client.clientStream(requests()), Code.Canceled);
  assert.equal((error.cause as Error).message, "the file is gone");
  await ended.promise;
});

test("what a handler throws because its caller has gone is not logged", async () => {
  const done = deferred();
  await using pair = new EchoPair({
    async *bidiStream(requests) {
      try {
        for await (const { number } of requests) yield { number };
      } finally {
        done.resolve();
      }
    },
  });
  const response = pair.open("BidiStream");
  response.exchange.write(ping(), 0, ping().length);
  await response.untilBytes(1);
  response.exchange.reset(ResetCode.Cancel);
  await done.promise;
  await pair.settled();
  assert.deepEqual(pair.logged, []);
});

test("what a generator throws while it cleans up is logged", async () => {
  const left = deferred();
  await using pair = new EchoPair({
    async *serverStream() {
      try {
        for (;;) yield* later({ number: 1 });
      } finally {
        left.resolve();
        // biome-ignore lint/correctness/noUnsafeFinally: this is the failure under test
        throw new Error("cannot close");
      }
    },
  });
  for await (const _ of pair.client.serverStream({})) break;
  await left.promise;
  await pair.settled();
  assert.deepEqual(
    pair.logged.map((error) => (error as Error).message),
    ["cannot close"],
  );
});

test("an RpcError that the caller aborts with is what the call ends with", async () => {
  await using pair = new EchoPair({ unary: () => new Promise(() => {}) });
  const controller = new AbortController();
  const response = pair.client.unary({}, { signal: controller.signal });
  controller.abort(new RpcError(Code.Aborted, "superseded"));
  await failure(response, Code.Aborted);
});
