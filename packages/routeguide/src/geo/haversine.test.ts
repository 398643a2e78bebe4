import assert from "node:assert/strict";
import { test } from "node:test";
import { EARTH_RADIUS_METRES, haversine } from "./haversine.js";

const metres = (...points: [number, number, number, number]) => haversine(...points) * EARTH_RADIUS_METRES;

test("A degree along a meridian or along the equator is a 360th of the Earth's circumference", () => {
  const degree = (2 * Math.PI * EARTH_RADIUS_METRES) / 360;
  assert.ok(Math.abs(metres(0, 0, 10_000_000, 0) - degree) < 1e-6);
  assert.ok(Math.abs(metres(0, 1_790_000_000, 0, 1_800_000_000) - degree) < 1e-6);
});

test("Antipodes lie half a circumference apart, and the two sides of the antimeridian at the same place", () => {
  assert.equal(haversine(900_000_000, 0, -900_000_000, 0), Math.PI);
  assert.equal(haversine(0, 0, 0, 1_800_000_000), Math.PI);
  assert.ok(metres(100_000_000, -1_800_000_000, 100_000_000, 1_800_000_000) < 1e-6);
});

test("A sum of squares that rounding makes larger than 1 is no NaN", () => {
  for (let latitude = -900_000_000; latitude <= 900_000_000; latitude += 1_234_567) {
    assert.ok(haversine(latitude, -900_000_000, -latitude, 900_000_000) <= Math.PI);
  }
});
