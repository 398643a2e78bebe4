import assert from "node:assert/strict";
import { test } from "node:test";
import { TokenBucket } from "./token-bucket.js";

test("a bucket gives what it holds at once, and then so many a second", () => {
  const bucket = new TokenBucket(3, 2, 1000);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => bucket.take(1000)),
    [true, true, true, false],
  );
  assert.equal(bucket.take(1499), false);
  assert.equal(bucket.take(1500), true);
  assert.equal(bucket.take(1500), false);
});

test("a bucket never holds more than its size", () => {
  const bucket = new TokenBucket(2, 1, 0);
  assert.deepEqual(
    [1, 2, 3].map(() => bucket.take(3_600_000)),
    [true, true, false],
  );
});
