import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeSize } from "../contract/envelope-writer.js";
import { Arena } from "./arena.js";

const NAME = Buffer.from("A place somewhere");
const SIZE = envelopeSize(1, 1, NAME.length);

test("A run ends where its chunk ends, and no envelope lies in two chunks", () => {
  const arena = arenaOf(10, 3 * SIZE + SIZE - 1);
  const runs = [];
  for (let first = 0; first < 10; ) {
    const run = arena.run(first, 10);
    runs.push(run.count);
    assert.deepEqual([run.start, run.end], [0, run.count * SIZE]);
    first += run.count;
  }
  assert.deepEqual(runs, [3, 3, 3, 1]);
});

test("A run has at most 128 KiB, and less if fewer are asked for", () => {
  const arena = arenaOf(10_000);
  const run = arena.run(0, 10_000);
  assert.ok(run.end - run.start <= 128 * 1024 && run.end - run.start > 128 * 1024 - 2 * SIZE);
  assert.deepEqual(arena.run(5, 7).count, 2);
  assert.deepEqual([arena.at(9_999).start, arena.at(9_999).end], [9_999 * SIZE, 10_000 * SIZE]);
});

test("The arena takes no more memory than its envelopes need", () => {
  assert.equal(arenaOf(3).at(0).bytes.length, 3 * SIZE);
});

function arenaOf(size: number, chunkBytes?: number): Arena {
  const arena = new Arena(size, size * SIZE, chunkBytes);
  for (let i = 0; i < size; i++) arena.add(1, 1, NAME, 0, NAME.length);
  return arena;
}
