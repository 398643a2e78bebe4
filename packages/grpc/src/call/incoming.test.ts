import assert from "node:assert/strict";
import { test } from "node:test";
import { Batch } from "../envelope/batch.js";
import { Code } from "./code.js";
import { IncomingQueue } from "./incoming.js";
import { RpcError } from "./rpc-error.js";

/** A batch whose messages are these numbers; a negative one does not decode. */
function batchOf(...values: number[]): Batch<number> {
  const starts = Int32Array.from(values.keys());
  return new Batch(Uint8Array.of(), starts, starts, values.length, (_bytes, start) => {
    const value = values[start] ?? -1;
    if (value < 0) throw new RpcError(Code.InvalidArgument, "broken");
    return value;
  });
}

function queue() {
  const told = { used: 0, stopped: [] as unknown[] };
  const incoming = new IncomingQueue<number>(
    () => told.used++,
    (reason) => told.stopped.push(reason),
  );
  return { incoming, told };
}

async function collect(incoming: AsyncIterable<number>): Promise<number[]> {
  const collected: number[] = [];
  for await (const message of incoming) collected.push(message);
  return collected;
}

const error = new RpcError(Code.Aborted, "enough");

test("messages come in their order, whether they were here before or are waited for", async () => {
  const { incoming } = queue();
  incoming.push(batchOf(1, 2));
  incoming.push(batchOf(3));
  const collected = collect(incoming);
  await Promise.resolve();
  incoming.push(batchOf(4, 5));
  incoming.end();
  assert.deepEqual(await collected, [1, 2, 3, 4, 5]);
});

test("batches come as they were pushed", async () => {
  const { incoming } = queue();
  const batches = [batchOf(1, 2), batchOf(3)];
  for (const batch of batches) incoming.push(batch);
  incoming.end();
  const seen: Batch<number>[] = [];
  for await (const batch of incoming.batches()) seen.push(batch);
  assert.deepEqual(seen, batches);
});

test("an end with an error is seen after what came before it", async () => {
  const { incoming } = queue();
  incoming.push(batchOf(1));
  incoming.end(error);
  const iterator = incoming[Symbol.asyncIterator]();
  assert.deepEqual(await iterator.next(), { done: false, value: 1 });
  await assert.rejects(iterator.next(), error);
});

test("a failure is seen before what lies ready, and by who waits", async () => {
  const ready = queue().incoming;
  ready.push(batchOf(1));
  ready.fail(error);
  await assert.rejects(ready[Symbol.asyncIterator]().next(), error);
  const waited = queue().incoming;
  const next = waited[Symbol.asyncIterator]().next();
  waited.fail(error);
  await assert.rejects(next, error);
});

test("a failure is seen before the rest of the batch that is being read", async () => {
  const { incoming } = queue();
  incoming.push(batchOf(1, 2));
  const iterator = incoming[Symbol.asyncIterator]();
  assert.deepEqual(await iterator.next(), { done: false, value: 1 });
  incoming.fail(error);
  await assert.rejects(iterator.next(), error);
});

test("a failure after the end is seen as well, the first of several", async () => {
  const { incoming } = queue();
  incoming.push(batchOf(1));
  incoming.end();
  incoming.fail(error);
  incoming.fail(new RpcError(Code.Internal, "later"));
  await assert.rejects(collect(incoming), error);
});

test("it says when everything was taken: with the last batch, and each time that somebody waits", async () => {
  const { incoming, told } = queue();
  incoming.push(batchOf(1));
  incoming.push(batchOf(2));
  const iterator = incoming[Symbol.asyncIterator]();
  await iterator.next();
  assert.equal(told.used, 0);
  await iterator.next();
  assert.equal(told.used, 1);
  const next = iterator.next();
  assert.equal(told.used, 2);
  assert.equal(incoming.isWaiting, true);
  incoming.push(batchOf(3));
  assert.equal(incoming.isWaiting, false);
  await next;
});

test("leaving early is told once, and what comes later is dropped", async () => {
  const { incoming, told } = queue();
  incoming.push(batchOf(1, 2));
  for await (const _ of incoming) break;
  incoming.push(batchOf(3));
  incoming.end(error);
  incoming.cancel();
  assert.deepEqual(told.stopped, [undefined]);
});

test("leaving after the end is not told: there is nothing to stop", async () => {
  const { incoming, told } = queue();
  incoming.push(batchOf(1, 2));
  incoming.end();
  for await (const _ of incoming) break;
  assert.deepEqual(told.stopped, []);
});

test("cancel() is CANCELED for who waits, and for who asks later", async () => {
  const { incoming, told } = queue();
  const iterator = incoming[Symbol.asyncIterator]();
  const next = iterator.next();
  incoming.cancel();
  await assert.rejects(next, { code: Code.Canceled });
  await assert.rejects(iterator.next(), { code: Code.Canceled });
  assert.equal(told.stopped.length, 1);
});

test("cancel() after the end changes nothing", async () => {
  const { incoming, told } = queue();
  incoming.push(batchOf(1));
  incoming.end();
  incoming.cancel();
  assert.deepEqual(await collect(incoming), [1]);
  assert.deepEqual(told.stopped, []);
});

test("a message that does not decode is an error, and stops the stream with it", async () => {
  for (const isWaiting of [false, true]) {
    const { incoming, told } = queue();
    const iterator = incoming[Symbol.asyncIterator]();
    const first = isWaiting ? iterator.next() : undefined;
    incoming.push(batchOf(-1, 2));
    await assert.rejects(first ?? iterator.next(), { code: Code.InvalidArgument });
    assert.equal((told.stopped[0] as RpcError).code, Code.InvalidArgument);
  }
  const { incoming, told } = queue();
  incoming.push(batchOf(1, -1));
  await assert.rejects(collect(incoming), { code: Code.InvalidArgument });
  assert.equal(told.stopped.length, 1);
});

test("a stream is read once, and by one at a time", async () => {
  const { incoming } = queue();
  const iterator = incoming[Symbol.asyncIterator]();
  assert.throws(() => incoming.batches(), { code: Code.Internal, message: /read already/ });
  assert.throws(() => incoming[Symbol.asyncIterator](), { code: Code.Internal });
  const next = iterator.next();
  await assert.rejects(iterator.next(), { code: Code.Internal, message: /two at once/ });
  incoming.end();
  assert.equal((await next).done, true);
});

test("a message that came compressed is inflated when it is wanted, and not before", async () => {
  const { incoming } = queue();
  let inflated = 0;
  const later = (...values: number[]) => {
    incoming.push(() => {
      inflated++;
      return batchOf(...values);
    });
  };
  for (let i = 0; i < 3; i++) later(i);
  incoming.push(batchOf(3));
  const iterator = incoming[Symbol.asyncIterator]();
  assert.equal(inflated, 0);
  for (const expected of [0, 1]) assert.equal((await iterator.next()).value, expected);
  assert.equal(inflated, 2);
  for (const expected of [2, 3]) assert.equal((await iterator.next()).value, expected);
  const waiting = iterator.next();
  later(4);
  assert.equal((await waiting).value, 4);
  later(5);
  incoming.end();
  assert.equal((await iterator.next()).value, 5);
  assert.equal((await iterator.next()).done, true);
});

const broken = () => {
  throw error;
};

for (const isWaiting of [false, true]) {
  const when = isWaiting ? "is waited for" : "was here before";
  test(`a message that does not inflate and ${when} ends the stream, however it is read`, async () => {
    const ways: readonly ((incoming: IncomingQueue<number>) => Promise<unknown>)[] = [
      (incoming) => collect(incoming),
      async (incoming) => {
        for await (const batch of incoming.batches()) assert.equal(batch.count, 1);
      },
      (incoming) => incoming.forEachBatch((batch) => assert.equal(batch.count, 1)),
    ];
    for (const read of ways) {
      const { incoming, told } = queue();
      incoming.push(batchOf(1));
      if (!isWaiting) incoming.push(broken);
      const reading = read(incoming);
      const seen = assert.rejects(reading, error);
      // The readers have taken the first message by then, and wait for the next.
      await new Promise(setImmediate);
      if (isWaiting) incoming.push(broken);
      await seen;
      assert.deepEqual(told.stopped, [error]);
    }
  });
}
