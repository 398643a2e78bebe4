import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IntegerReader, OVERFLOW, TRUNCATED, writeInteger } from "./integer.js";

function read(bytes: readonly number[], prefixBits: number): number {
  return new IntegerReader().read(Uint8Array.from(bytes), bytes.length, prefixBits);
}

test("the integers of RFC 7541, C.1 read and write as they stand there", () => {
  const examples: [number, number, number[]][] = [
    [10, 5, [0x0a]],
    [1337, 5, [0x1f, 0x9a, 0x0a]],
    [42, 8, [0x2a]],
  ];
  for (const [value, prefixBits, bytes] of examples) {
    assert.equal(read(bytes, prefixBits), value);
    const into = new Uint8Array(8);
    assert.deepEqual([...into.subarray(0, writeInteger(into, 0, 0, prefixBits, value))], bytes);
  }
});

test("an integer reads as it was written, whatever its prefix and the flags beside it", () => {
  fc.assert(
    fc.property(fc.nat({ max: 0x7fffffff }), fc.integer({ min: 1, max: 7 }), (value, prefixBits) => {
      const into = new Uint8Array(6);
      const flags = (0xff << prefixBits) & 0xff;
      const end = writeInteger(into, 0, flags, prefixBits, value);
      const reader = new IntegerReader();
      assert.equal(reader.read(into, end, prefixBits), value);
      assert.equal(reader.at, end);
      assert.equal(new IntegerReader().read(into, end - 1, prefixBits), TRUNCATED);
    }),
  );
});

test("an integer over 2^31 - 1 or of too many octets overflows", () => {
  assert.equal(read([0x7f, 0x80, 0xff, 0xff, 0xff, 0x07], 7), 0x7fffffff);
  assert.equal(read([0x7f, 0x81, 0xff, 0xff, 0xff, 0x07], 7), OVERFLOW);
  assert.equal(read([0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f], 7), OVERFLOW);
  assert.equal(read([0x7f, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 7), OVERFLOW);
});
