import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync, gzipSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { compressions, deflate, gzip } from "./node-zlib.js";

const LIMIT = 1_000_000;

for (const compression of compressions) {
  const { name } = compression;

  test(`${name} gives back what it was given`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        const inflated = compression.decompress(compression.compress(bytes), LIMIT);
        assert.deepEqual(Buffer.from(inflated as Uint8Array), Buffer.from(bytes));
      }),
    );
  });

  test(`${name} stops at the limit, and takes exactly as much`, () => {
    const compressed = compression.compress(new Uint8Array(1000));
    assert.equal((compression.decompress(compressed, 1000) as Uint8Array).length, 1000);
    assert.equal(compression.decompress(compressed, 999), "too-large");
    assert.equal(compression.decompress(compressed, 0), "too-large");
    assert.equal((compression.decompress(compression.compress(new Uint8Array(0)), 0) as Uint8Array).length, 0);
  });

  test(`${name} does not inflate a bomb`, () => {
    const bomb = compression.compress(new Uint8Array(200_000_000));
    const before = process.memoryUsage().arrayBuffers;
    assert.equal(compression.decompress(bomb, LIMIT), "too-large");
    assert.ok(process.memoryUsage().arrayBuffers - before < 10 * LIMIT);
  });

  test(`${name} says of anything else that it is malformed`, () => {
    const whole = compression.compress(Buffer.from("hello"));
    for (const bytes of [new Uint8Array(0), Buffer.from("hello"), whole.subarray(0, whole.length - 1)]) {
      assert.equal(compression.decompress(bytes, LIMIT), "malformed");
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const inflated = compression.decompress(bytes, 100);
        assert.ok(typeof inflated === "string" || inflated.length <= 100);
      }),
    );
  });
}

test("a bomb of many gzip members is one bomb", () => {
  const member = gzipSync(new Uint8Array(10_000));
  assert.equal(gzip.decompress(Buffer.concat(Array.from({ length: 200 }, () => member)), LIMIT), "too-large");
});

test("the formats are those of RFC 1952 and RFC 1950", () => {
  const hello = Buffer.from("hello");
  assert.deepEqual(gunzipSync(gzip.compress(hello)), hello);
  assert.deepEqual(inflateSync(deflate.compress(hello)), hello);
});
