import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_ROW, Rows } from "./rows.js";

const WIDTH = 3;

test("Rows keep what they hold as they grow to the most there may be, and no row is given twice", () => {
  const most = 1000;
  const rows = new Rows(WIDTH, most);
  const taken = Array.from({ length: most }, (_, i) => {
    const row = rows.take();
    for (let cell = 0; cell < WIDTH; cell++) rows.cells[row + cell] = i * WIDTH + cell;
    return row;
  });
  assert.equal(new Set([NO_ROW, ...taken]).size, most + 1);
  for (const [i, row] of taken.entries()) {
    assert.deepEqual(Array.from(rows.cells.subarray(row, row + WIDTH)), [i * WIDTH, i * WIDTH + 1, i * WIDTH + 2]);
  }
});

test("Freed rows are used again before new ones", () => {
  const rows = new Rows(WIDTH, 10);
  const taken = Array.from({ length: 5 }, () => rows.take());
  for (const row of taken) rows.release(row);
  assert.equal(rows.count, 0);
  assert.deepEqual(Array.from({ length: 5 }, () => rows.take()).sort(), taken.sort());
  assert.equal(rows.count, 5);
});
