import assert from "node:assert/strict";
import { test } from "node:test";
import { Batch, bytesIn } from "./batch.js";

const bytes = Buffer.from("..ab...c");
const starts = Int32Array.of(2, 4, 7, 99);
const ends = Int32Array.of(4, 4, 8, 99);
const decode = (from: Uint8Array, start: number, end: number) => Buffer.from(from.subarray(start, end)).toString();

test("a batch decodes the messages that it counts, in order, and any of them alone", () => {
  const batch = new Batch(bytes, starts, ends, 3, decode);
  assert.deepEqual([...batch], ["ab", "", "c"]);
  assert.deepEqual([...batch], ["ab", "", "c"], "as often as it is iterated");
  assert.equal(batch.at(2), "c");
});

test("a batch decodes no further than it is iterated", () => {
  let decoded = 0;
  const batch = new Batch(bytes, starts, ends, 3, () => ++decoded);
  for (const _ of batch) break;
  assert.equal(decoded, 1);
});

test("the bytes of the first messages are added up", () => {
  assert.equal(bytesIn(starts, ends, 3), 3);
  assert.equal(bytesIn(starts, ends, 0), 0);
});

test("a batch says how far its bytes are final", () => {
  const ends: (number | undefined)[] = [];
  const batch = new Batch(bytes, starts, Int32Array.of(4, 4, 8, 99), 3, (_bytes, _start, _end, finalEnd) => {
    ends.push(finalEnd);
  });
  for (const _ of batch);
  assert.deepEqual(ends, [8, 8, 8]);
});
