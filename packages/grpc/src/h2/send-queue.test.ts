import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SendQueue } from "./send-queue.js";

const SOURCE = Uint8Array.from({ length: 40_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);

const range = fc
  .tuple(fc.nat(SOURCE.length - 1), fc.oneof(fc.nat(80), fc.nat(9000)))
  .map(([start, length]) => ({ start, end: Math.min(SOURCE.length, start + 1 + length) }));

test("what goes in comes out, in its order, however it is taken", () => {
  const step = fc.record({ ranges: fc.array(range, { maxLength: 5 }), take: fc.nat(20_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const queue = new SendQueue();
      let expected = Buffer.alloc(0);
      for (const { ranges, take } of steps) {
        for (const { start, end } of ranges) {
          queue.push(SOURCE, start, end);
          expected = Buffer.concat([expected, SOURCE.subarray(start, end)]);
        }
        assert.equal(queue.size, expected.length);
        for (let left = take; left > 0; ) {
          const chunk = queue.first();
          if (chunk === undefined) break;
          const length = Math.min(left, chunk.end - chunk.start);
          assert.ok(expected.subarray(0, length).equals(chunk.bytes.subarray(chunk.start, chunk.start + length)));
          queue.shift(length);
          expected = expected.subarray(length);
          left -= length;
        }
        assert.equal(queue.size, expected.length);
        assert.equal(queue.first() === undefined, expected.length === 0);
      }
    }),
  );
});

test("short ranges are copied, so that they do not hold the bytes they lie in; long ones are not", () => {
  const queue = new SendQueue();
  queue.push(SOURCE, 0, 70);
  assert.notEqual(queue.first()?.bytes, SOURCE);
  queue.shift(70);
  queue.push(SOURCE, 0, 20_000);
  assert.equal(queue.first()?.bytes, SOURCE);
});

test("ranges that follow each other in the same bytes become one", () => {
  const queue = new SendQueue();
  queue.push(SOURCE, 0, 10_000);
  queue.push(SOURCE, 10_000, 20_000);
  assert.deepEqual([queue.first()?.start, queue.first()?.end], [0, 20_000]);
  const small = new SendQueue();
  for (let i = 0; i < 1000; i++) small.push(SOURCE, i, i + 1);
  assert.ok((small.first()?.end ?? 0) > 100, "a thousand short ranges lie in few blocks");
});
