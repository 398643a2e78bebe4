import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeArray } from "./range-array.js";

test("arrays have the length asked for, and share no number", () => {
  const lengths = [8, 16, 17, 400, 0, 20_000, 400, 16_384, 16_000, 1000];
  const arrays = lengths.map(rangeArray);
  for (const [i, array] of arrays.entries()) array.fill(i);
  for (const [i, array] of arrays.entries()) {
    assert.equal(array.length, lengths[i]);
    assert.ok(array.every((number) => number === i));
  }
});
