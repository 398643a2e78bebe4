import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PointTable } from "./point-table.js";

const coordinate = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer());

test("The table finds what a plain scan finds, and of equal points the one of the lowest rank", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { maxLength: 200 }),
      coordinate,
      coordinate,
      (points, a, b) => {
        const ranks = points.map((_, i) => (i * 7919) % 1009);
        const table = new PointTable(Int32Array.from(points.flat()), ranks);
        for (const [latitude, longitude] of [...points, [a, b] as const]) {
          const equal = points.flatMap(([x, y], i) => (x === latitude && y === longitude ? [i] : []));
          const expected = equal.sort((i, j) => (ranks[i] ?? 0) - (ranks[j] ?? 0))[0] ?? -1;
          assert.equal(table.find(latitude, longitude), expected);
        }
      },
    ),
  );
});
