import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { kdOrdered, NODE_SIZE } from "./kd-order.js";

const coordinate = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer());

test("kdbush leaves points in the layout that we walk", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(coordinate, coordinate), { maxLength: 500 }), (points) => {
      const { order } = kdOrdered(Int32Array.from(points.flat()));
      const check = (left: number, right: number, axis: number) => {
        if (right - left <= NODE_SIZE) return;
        const middle = (left + right) >> 1;
        const at = (i: number) => order.coordinates[2 * i + axis] ?? NaN;
        for (let i = left; i < middle; i++) assert.ok(at(i) <= at(middle));
        for (let i = middle + 1; i <= right; i++) assert.ok(at(i) >= at(middle));
        check(left, middle - 1, 1 - axis);
        check(middle + 1, right, 1 - axis);
      };
      check(0, points.length - 1, 0);
    }),
  );
});

test("Each place in the order is the point that its id names", () => {
  for (const size of [0, 1, 2, 100, 70_000]) {
    const coordinates = Int32Array.from({ length: 2 * size }, (_, i) => Math.imul(i, 0x9e37_79b1));
    const { order, ids } = kdOrdered(coordinates);
    assert.equal(new Set(ids).size, size);
    for (const [i, id] of ids.entries()) {
      assert.equal(order.coordinates[2 * i], coordinates[2 * id]);
      assert.equal(order.coordinates[2 * i + 1], coordinates[2 * id + 1]);
    }
  }
});

test("Intervals are ascending, apart from each other, and few where a rectangle covers much", () => {
  const coordinates = Int32Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 0x9e37_79b1) >> 4);
  const { order } = kdOrdered(coordinates);
  const all = { south: -(2 ** 31), north: 2 ** 31, west: -(2 ** 31), east: 2 ** 31 };
  assert.deepEqual([...order.intervals(all).copy()], [0, 10_000]);
  const half = order.intervals({ ...all, north: 0 }).copy();
  for (let i = 1; i < half.length; i++) assert.ok((half[i] ?? 0) > (half[i - 1] ?? 0));
  assert.ok(half.length / 2 < 500);
});
