import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteWriter } from "../message/byte-writer.js";
import { EncodeError } from "../message/codec-error.js";
import { Envelopes } from "./envelopes.js";
import type { Later } from "./promise-like.js";
import { type Many, Pump, type Pumped, type Source } from "./pump.js";

/** A call whose messages are their size in bytes. Writes are kept; the peer blocks when it is told to. */
class FakeCall implements Pumped {
  hasEnded = false;
  readonly out = new ByteWriter();
  readonly writes: { bytes: number; count: number }[] = [];
  /** How many writes are taken before one says that it must be waited. */
  room = Number.POSITIVE_INFINITY;
  succeeded = 0;
  readonly failures: unknown[] = [];

  append(size: unknown): void {
    if (typeof size !== "number") throw new TypeError("no size");
    this.out.begin();
    this.out.append(new Uint8Array(size));
  }

  sendRange(_bytes: Uint8Array, start: number, end: number, count: number): boolean {
    assert.equal(this.hasEnded, false, "nothing is sent after the end");
    this.writes.push({ bytes: end - start, count });
    return --this.room > 0;
  }

  /** The messages in envelopes, for a call that cannot send those. */
  messages: readonly number[] | undefined;

  unpack(): Iterator<unknown> | undefined {
    return this.messages?.values();
  }

  succeed(): void {
    this.hasEnded = true;
    this.succeeded++;
  }

  fail(reason: unknown): void {
    this.hasEnded = true;
    this.failures.push(reason);
  }
}

function pump(messages: Many<unknown> | Source<unknown>, room = Number.POSITIVE_INFINITY) {
  const call = new FakeCall();
  call.room = room;
  const pump = new Pump(call, messages);
  pump.run();
  return { call, pump };
}

/** Lets whatever waits in microtasks run. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("what a plain iterator gives at once is one write", () => {
  const { call } = pump([1, 2, 3]);
  assert.deepEqual(call.writes, [{ bytes: 6, count: 3 }]);
  assert.equal(call.succeeded, 1);
});

test("writes of a plain iterator are no longer than they must be", () => {
  const { call } = pump(Array.from({ length: 100 }, () => 1000));
  assert.equal(
    call.writes.reduce((sum, { count }) => sum + count, 0),
    100,
  );
  for (const { bytes } of call.writes) assert.ok(bytes < 34_000);
  assert.ok(call.writes.length <= 5);
});

test("envelopes leave as they are, in their place among the messages", () => {
  const { call } = pump([1, new Envelopes(new Uint8Array(50), 7), 2]);
  assert.deepEqual(call.writes, [
    { bytes: 1, count: 1 },
    { bytes: 50, count: 7 },
    { bytes: 2, count: 1 },
  ]);
});

test("while the peer does not keep up, nothing is pulled", async () => {
  let pulled = 0;
  const plain = function* () {
    for (;;) {
      pulled++;
      yield 40_000;
    }
  };
  const { call, pump: running } = pump(plain(), 1);
  assert.equal(pulled, 1);
  running.run();
  assert.equal(pulled, 1, "not even when asked to run");
  call.room = 2;
  running.resume();
  assert.equal(pulled, 3);
  await turn();
  assert.equal(pulled, 3);
});

test("an async iterator is asked for no more while the peer does not keep up", async () => {
  let pulled = 0;
  const later = async function* () {
    for (;;) {
      pulled++;
      yield 10;
    }
  };
  const { call, pump: running } = pump(later(), 2);
  await turn();
  assert.equal(pulled, 2);
  call.room = 1;
  running.resume();
  await turn();
  assert.equal(pulled, 3);
});

test("what came is sent before an async iterator is waited for", async () => {
  const go: { resolve(): void } = { resolve: () => {} };
  const { call } = pump(
    (async function* () {
      yield 1;
      await new Promise<void>((resolve) => {
        go.resolve = resolve;
      });
      yield 2;
    })(),
  );
  await turn();
  assert.deepEqual(call.writes, [{ bytes: 1, count: 1 }]);
  go.resolve();
  await turn();
  assert.equal(call.writes.length, 2);
  assert.equal(call.succeeded, 1);
});

test("an iterator may mix results and promises, of whatever library", async () => {
  const results: unknown[] = [
    { done: false, value: 1 },
    Promise.resolve({ done: false, value: 2 }),
    // biome-ignore lint/suspicious/noThenProperty: other libraries' promises have one
    { then: (take: (result: unknown) => void) => take({ done: false, value: 3 }) },
    { done: true, value: undefined },
  ];
  const { call } = pump({
    [Symbol.iterator]: () => ({ next: () => results.shift() as IteratorResult<number> }),
  });
  await turn();
  assert.equal(
    call.writes.reduce((sum, { bytes }) => sum + bytes, 0),
    6,
  );
  assert.equal(call.succeeded, 1);
});

test("what an iterator throws fails the call, after what it gave", async () => {
  const reason = new Error("no");
  const plain = function* () {
    yield 1;
    throw reason;
  };
  const later = async function* () {
    yield 1;
    throw reason;
  };
  for (const messages of [plain(), later()]) {
    const { call } = pump(messages);
    await turn();
    assert.deepEqual(call.failures, [reason]);
    assert.deepEqual(call.writes, [{ bytes: 1, count: 1 }]);
  }
});

test("what cannot be sent fails the call once, and what is no result does too", async () => {
  for (const messages of [
    ["text"],
    (async function* () {
      yield "text";
    })(),
  ]) {
    const { call } = pump(messages);
    await turn();
    assert.equal(call.failures.length, 1);
  }
  const { call } = pump({ [Symbol.iterator]: () => ({ next: () => undefined as unknown as IteratorResult<number> }) });
  assert.equal(call.failures.length, 1);
  assert.throws(() => new Pump(new FakeCall(), 5 as unknown as []), EncodeError);
});

/** A source that is given its messages by hand. */
function source() {
  const ready: number[] = [];
  let waiting: ((result: IteratorResult<number>) => void) | undefined;
  let asked = 0;
  const later: Later<IteratorResult<number>> = {
    // biome-ignore lint/suspicious/noThenProperty: it is meant to be waited for
    then(resolve) {
      waiting = resolve;
    },
  };
  const messages: Source<number> = {
    [Symbol.asyncIterator]: () => ({
      next() {
        asked++;
        const value = ready.shift();
        return value === undefined ? later : { done: false, value };
      },
    }),
  };
  const give = (result: IteratorResult<number>) => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(result);
  };
  return { messages, ready, give, asked: () => asked };
}

test("what a source gives later is sent within the call that gives it, and what is there with it", () => {
  const { messages, ready, give } = source();
  ready.push(1, 2);
  const { call } = pump(messages);
  assert.deepEqual(call.writes, [{ bytes: 3, count: 2 }]);
  ready.push(5);
  give({ done: false, value: 4 });
  assert.deepEqual(call.writes.slice(1), [
    { bytes: 4, count: 1 },
    { bytes: 5, count: 1 },
  ]);
  give({ done: true, value: undefined });
  assert.equal(call.succeeded, 1);
});

test("a source is not asked while the peer does not keep up", () => {
  const { messages, give, asked } = source();
  const { call, pump: running } = pump(messages, 1);
  give({ done: false, value: 1 });
  assert.equal(asked(), 1);
  call.room = 2;
  running.resume();
  assert.equal(asked(), 2);
  give({ done: false, value: 2 });
  assert.equal(asked(), 3);
});

/** Generators that note when they have cleaned up. */
function generators(cleaned: string[]): Record<string, () => Many<number>> {
  return {
    *plain() {
      try {
        for (;;) yield 40_000;
      } finally {
        cleaned.push("plain");
      }
    },
    async *later() {
      try {
        for (;;) yield 40_000;
      } finally {
        await turn();
        cleaned.push("later");
      }
    },
  };
}

test("a stopped generator cleans up, and is known to have", async () => {
  const cleaned: string[] = [];
  for (const [name, make] of Object.entries(generators(cleaned))) {
    const { call, pump: running } = pump(make(), 1);
    await turn();
    call.hasEnded = true;
    await new Promise<void>((resolve) => {
      running.stop((failure) => {
        assert.equal(failure, undefined);
        assert.deepEqual(cleaned.splice(0), [name]);
        resolve();
      });
    });
  }
});

test("what a generator throws while it cleans up is told", async () => {
  const reason = new Error("cannot close");
  const plain = function* () {
    try {
      yield 40_000;
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: this is the failure under test
      throw reason;
    }
  };
  const later = async function* () {
    yield* plain();
  };
  for (const messages of [plain(), later()]) {
    const { call, pump: running } = pump(messages, 1);
    await turn();
    call.hasEnded = true;
    const failure = await new Promise((resolve) => running.stop(resolve));
    assert.deepEqual(failure, { reason });
  }
});

test("an iterator without return() is stopped when what it promised has come", async () => {
  let give: (result: IteratorResult<number>) => void = () => {};
  const next = () =>
    new Promise<IteratorResult<number>>((resolve) => {
      give = resolve;
    });
  const { call, pump: running } = pump({ [Symbol.asyncIterator]: () => ({ next }) });
  call.hasEnded = true;
  let isStopped = false;
  running.stop(() => {
    isStopped = true;
  });
  await turn();
  assert.equal(isStopped, false);
  give({ done: false, value: 1 });
  await turn();
  assert.equal(isStopped, true);
  assert.deepEqual(call.writes, []);
});

test("a plain generator that ends its own call is stopped when it comes back", () => {
  const cleaned: string[] = [];
  const call = new FakeCall();
  let stopped = 0;
  const messages = function* () {
    try {
      yield 1;
      call.hasEnded = true;
      running.stop(() => stopped++);
      yield 2;
    } finally {
      cleaned.push("own");
    }
  };
  const running: Pump = new Pump(call, messages());
  running.run();
  assert.equal(stopped, 1);
  assert.deepEqual(cleaned, ["own"]);
  assert.deepEqual(call.writes, [], "what was not sent before the end is not sent after it");
});

test("an iterator that has ended or thrown is not asked to return", async () => {
  let returned = 0;
  for (const last of [() => ({ done: true as const, value: undefined }), () => assert.fail("no")]) {
    const { pump: running } = pump({
      [Symbol.iterator]: () => ({
        next: last,
        return: () => {
          returned++;
          return { done: true as const, value: undefined };
        },
      }),
    });
    await new Promise<unknown>((resolve) => running.stop(resolve));
  }
  assert.equal(returned, 0);
});

test("envelopes that cannot leave as they are are sent message by message, and wait for room within", () => {
  const call = new FakeCall();
  call.messages = Array.from({ length: 100 }, () => 10_000);
  call.room = 1;
  const many = new Pump(call, [new Envelopes(new Uint8Array(7), 100), new Envelopes(new Uint8Array(7), 100)]);
  many.run();
  assert.equal(call.writes.length, 1);
  assert.ok((call.writes[0]?.bytes ?? 0) < 50_000, "a burst, not all of it");
  call.room = Number.POSITIVE_INFINITY;
  many.resume();
  assert.equal(
    call.writes.reduce((sum, { count }) => sum + count, 0),
    200,
  );
  assert.equal(call.succeeded, 1);
});
