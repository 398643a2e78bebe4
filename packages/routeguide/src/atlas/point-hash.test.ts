import assert from "node:assert/strict";
import { test } from "node:test";
import { filterBits, hashOf, slotHash } from "./point-hash.js";

const BUCKETS = 2 ** 16;

test("Points on a grid of any step spread over slots and filter words as random ones do", () => {
  for (const step of [1, 1000, 65_536, 1_000_000, 10_000_000]) {
    const hashes = grid(step).map(([latitude, longitude]) => hashOf(latitude, longitude));
    // 32,400 balls in 65,536 buckets: random ones leave no bucket with more than about 8.
    assert.ok(fullest(hashes.map((hash) => slotHash(hash) % BUCKETS)) <= 10, `slots, step ${step}`);
    assert.ok(fullest(hashes.map((hash) => (hash >>> 0) % BUCKETS)) <= 10, `words, step ${step}`);
  }
});

test("The filter's two bits differ from word to word, so that one point seldom passes for another", () => {
  const bits = grid(1000).map(([latitude, longitude]) => filterBits(hashOf(latitude, longitude)));
  const pairs = (32 * 31) / 2 + 32;
  assert.equal(new Set(bits).size, pairs);
});

/** 180 x 180 points around 0, 0. */
function grid(step: number): [number, number][] {
  return Array.from({ length: 180 * 180 }, (_, i) => [((i % 180) - 90) * step, (Math.floor(i / 180) - 90) * step]);
}

function fullest(buckets: readonly number[]): number {
  const counts = new Uint32Array(BUCKETS);
  for (const bucket of buckets) counts[bucket] = (counts[bucket] ?? 0) + 1;
  return Math.max(...counts);
}
