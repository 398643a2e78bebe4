import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Batch } from "../envelope/batch.js";
import { Code } from "./code.js";
import { IncomingQueue } from "./incoming.js";
import { RpcError } from "./rpc-error.js";

function batchOf(...values: number[]): Batch<number> {
  const starts = Int32Array.from(values.keys());
  const ends = starts.map((start) => start + 1);
  return new Batch(Uint8Array.from(values), starts, ends, values.length, (bytes, start) => bytes[start] ?? -1);
}

function queue() {
  const told = { used: 0, stopped: [] as unknown[] };
  const incoming = new IncomingQueue<number>(
    () => told.used++,
    (reason) => told.stopped.push(reason),
  );
  return { incoming, told };
}

suite("forEachBatch", () => {
  test("hands each batch over within the call that brings it", async () => {
    const { incoming } = queue();
    incoming.push(batchOf(1, 2));
    const taken: number[] = [];
    const all = incoming.forEachBatch((batch) => void taken.push(...batch));
    assert.deepEqual(taken, [1, 2]);
    incoming.push(batchOf(3));
    assert.deepEqual(taken, [1, 2, 3]);
    incoming.end();
    await all;
  });

  test("waits for the promise of a batch before it hands over the next, and before it resolves", async () => {
    const { incoming } = queue();
    const taken: number[] = [];
    let go = () => {};
    const all = incoming.forEachBatch((batch) => {
      taken.push(...batch);
      return new Promise<void>((resolve) => {
        go = resolve;
      });
    });
    incoming.push(batchOf(1));
    incoming.push(batchOf(2));
    incoming.end();
    assert.equal(incoming.isWaiting, false);
    assert.deepEqual(taken, [1]);
    go();
    await Promise.resolve();
    assert.deepEqual(taken, [1, 2]);
    go();
    await all;
  });

  test("says of a batch that comes whether it is used up, and nobody looks at it any more", async () => {
    const { incoming } = queue();
    assert.equal(incoming.push(batchOf(1)), false);
    let go = () => {};
    const taken: number[] = [];
    const all = incoming.forEachBatch((batch) => {
      taken.push(...batch);
      return batch.at(0) === 3 ? new Promise<void>((resolve) => (go = resolve)) : undefined;
    });
    assert.equal(incoming.push(batchOf(2)), true);
    assert.equal(incoming.push(batchOf(3)), false);
    assert.equal(incoming.push(batchOf(4)), false);
    go();
    await Promise.resolve();
    assert.equal(incoming.push(batchOf(5)), true);
    assert.deepEqual(taken, [1, 2, 3, 4, 5]);
    incoming.end();
    await all;
  });

  test("gives the window back when nothing is left to take", () => {
    const { incoming, told } = queue();
    void incoming.forEachBatch(() => {});
    const before = told.used;
    incoming.push(batchOf(1));
    assert.equal(told.used, before + 1);
    assert.equal(incoming.isWaiting, true);
  });

  test("rejects with what the taker throws, and stops the stream with it", async () => {
    const { incoming, told } = queue();
    const reason = new RpcError(Code.InvalidArgument, "no");
    const all = incoming.forEachBatch(() => {
      throw reason;
    });
    incoming.push(batchOf(1));
    await assert.rejects(all, reason);
    assert.deepEqual(told.stopped, [reason]);
  });

  test("rejects with what the taker's promise rejects with", async () => {
    const { incoming, told } = queue();
    const reason = new Error("no");
    const all = incoming.forEachBatch(() => Promise.reject(reason));
    incoming.push(batchOf(1));
    await assert.rejects(all, reason);
    assert.deepEqual(told.stopped, [reason]);
  });

  test("rejects at once when the call fails, even while a batch is being used", async () => {
    const { incoming } = queue();
    const all = incoming.forEachBatch(() => new Promise<void>(() => {}));
    incoming.push(batchOf(1));
    incoming.fail(new RpcError(Code.Canceled, "gone"));
    await assert.rejects(all, { code: Code.Canceled });
  });

  test("rejects with the error that the stream ends with, after all that came before it", async () => {
    const { incoming } = queue();
    const taken: number[] = [];
    incoming.push(batchOf(1));
    incoming.end(new RpcError(Code.Internal, "cut"));
    await assert.rejects(
      incoming.forEachBatch((batch) => void taken.push(...batch)),
      { code: Code.Internal },
    );
    assert.deepEqual(taken, [1]);
  });
});
