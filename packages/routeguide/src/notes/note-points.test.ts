import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { NotePoints, Point } from "./note-points.js";
import { NO_ROW } from "./rows.js";

const coordinate = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }));

test("The table holds what a Map would, whatever is added and released in whatever order", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), coordinate, coordinate), { maxLength: 400 }), (steps) => {
      const table = new NotePoints(400);
      const model = new Map<string, number>();
      for (const [isAdded, latitude, longitude] of steps) {
        const key = `${latitude},${longitude}`;
        if (isAdded) {
          const row = table.findOrAdd(latitude, longitude);
          assert.equal(row, model.get(key) ?? row);
          model.set(key, row);
        } else {
          const row = table.find(latitude, longitude);
          assert.equal(row, model.get(key) ?? NO_ROW);
          if (row !== NO_ROW) table.releaseIfUnused(row);
          model.delete(key);
        }
      }
      assert.equal(table.rows.count, model.size);
      for (const [key, row] of model) {
        const { cells } = table.rows;
        assert.equal(`${cells[row + Point.Latitude]},${cells[row + Point.Longitude]}`, key);
        assert.equal(table.find(cells[row + Point.Latitude] ?? 0, cells[row + Point.Longitude] ?? 0), row);
      }
    }),
  );
});

test("A table that has grown holds every point, wherever it stood, and whatever went before", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 97, max: 5000 }),
      fc.integer({ min: 2, max: 50 }),
      (seed, count, step) => {
        const table = new NotePoints(count, seed);
        const rows = new Map<number, number>();
        for (let i = 0; i < count; i++) {
          const row = table.findOrAdd(i, -i);
          if (i % step === 0) table.releaseIfUnused(row);
          else rows.set(i, row);
        }
        for (let i = 0; i < count; i++) assert.equal(table.find(i, -i), rows.get(i) ?? NO_ROW);
      },
    ),
    { numRuns: 20 },
  );
});

test("A point at which something is kept, or somebody listens, is not released", () => {
  const table = new NotePoints(1);
  for (const column of [Point.NewestNote, Point.Hearers]) {
    const row = table.findOrAdd(1, 2);
    table.rows.cells[row + column] = 1;
    table.releaseIfUnused(row);
    assert.equal(table.find(1, 2), row);
    table.rows.cells[row + column] = 0;
  }
});
