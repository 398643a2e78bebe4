import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePoint } from "../geo/parse-point.js";
import { alignDegrees, trimDegrees, trimPoint } from "./degrees.js";

test("degrees are written without zeros that say nothing", () => {
  assert.equal(trimDegrees(409_146_138), "40.9146138");
  assert.equal(trimDegrees(-750_000_000), "-75");
  assert.equal(trimDegrees(400_000_001), "40.0000001");
  assert.equal(trimDegrees(-5), "-0.0000005");
  assert.equal(trimDegrees(0), "0");
  assert.equal(trimDegrees(100_000_000), "10");
});

test("a point is written in a form that reads back as the same point", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -900_000_000, max: 900_000_000 }),
      fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }),
      (latitude, longitude) => {
        assert.deepEqual(parsePoint(trimPoint({ latitude, longitude })), { latitude, longitude });
      },
    ),
  );
});

test("decimal points of a column stand below each other", () => {
  assert.equal(alignDegrees(409_146_138), "  40.9146138");
  assert.equal(alignDegrees(-1_791_234_500), "-179.12345  ");
  assert.equal(alignDegrees(50_000_000), "   5        ");
});
