import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EARTH_RADIUS_METRES, haversine } from "./haversine.js";
import { asinOfShort, Odometer, SHORT_STEP_E7, sinOfShort } from "./odometer.js";
import { MAX_LATITUDE_E7, MAX_LONGITUDE_E7 } from "./point.js";

const EPSILON = 2 ** -52;
const latitude = fc.integer({ min: -MAX_LATITUDE_E7, max: MAX_LATITUDE_E7 });
const longitude = fc.integer({ min: -MAX_LONGITUDE_E7, max: MAX_LONGITUDE_E7 });
const routes = fc.array(fc.tuple(latitude, longitude), { maxLength: 20 });

test("The short series of sin and asin are Math's to 1e-15 of the value, over the whole range that short steps use", () => {
  const maxHalf = (SHORT_STEP_E7 / 2 / 1e7) * (Math.PI / 180);
  const maxRoot = maxHalf * Math.SQRT2;
  for (let i = -100_000; i <= 100_000; i++) {
    const x = (i / 100_000) * maxHalf;
    assert.ok(Math.abs(sinOfShort(x) - Math.sin(x)) <= (1.1e-15 + 2 * EPSILON) * Math.abs(x), `sin ${x}`);
    const s = Math.abs((i / 100_000) * maxRoot);
    assert.ok(Math.abs(asinOfShort(s) - Math.asin(s)) <= (0.5e-15 + 2 * EPSILON) * s, `asin ${s}`);
  }
});

test("A short step is as long as the formula says, to 1e-14 of its length", () => {
  const step = fc.integer({ min: -SHORT_STEP_E7, max: SHORT_STEP_E7 });
  fc.assert(
    fc.property(latitude, longitude, step, step, (fromLatitude, fromLongitude, north, east) => {
      const toLatitude = clamp(fromLatitude + north, MAX_LATITUDE_E7);
      const toLongitude = clamp(fromLongitude + east, MAX_LONGITUDE_E7);
      const radians = haversine(fromLatitude, fromLongitude, toLatitude, toLongitude);
      const odometer = travelled([
        [fromLatitude, fromLongitude],
        [toLatitude, toLongitude],
      ]);
      assert.ok(Math.abs(odometer.radians - radians) <= 1e-14 * radians);
    }),
    { numRuns: 5000 },
  );
});

test("A route is the sum of its legs, rounded once", () => {
  fc.assert(
    fc.property(routes, (route) => {
      assert.ok(Math.abs(travelled(route).metres - sumOfLegs(route)) <= 0.5 + 1e-6);
    }),
  );
});

test("Legs of less than half a metre are not lost", () => {
  const route = Array.from({ length: 1001 }, (_, i): [number, number] => [i, 0]);
  assert.equal(travelled(route).metres, Math.round(1000 * 0.0111195));
});

test("Where a route is cut into batches does not change its length", () => {
  fc.assert(
    fc.property(routes, fc.nat(20), (route, cut) => {
      const parts = [route.slice(0, cut), [], route.slice(cut)];
      assert.equal(travelled(...parts).radians, travelled(route).radians);
    }),
  );
});

test("No route, a single point and a point passed again and again have no length", () => {
  assert.equal(travelled().metres, 0);
  assert.equal(travelled([[MAX_LATITUDE_E7, MAX_LONGITUDE_E7]]).metres, 0);
  assert.equal(travelled(Array.from({ length: 9 }, () => [-123_456_789, 987_654_321])).metres, 0);
});

test("A route longer than int32 metres stays at the largest int32", () => {
  const route = Array.from({ length: 200 }, (_, i): [number, number] => [
    i % 2 === 0 ? MAX_LATITUDE_E7 : -MAX_LATITUDE_E7,
    0,
  ]);
  assert.equal(travelled(route).metres, 2 ** 31 - 1);
});

function travelled(...parts: [number, number][][]): Odometer {
  const odometer = new Odometer();
  for (const part of parts) {
    odometer.pass(
      Int32Array.from(part, ([lat]) => lat),
      Int32Array.from(part, ([, lon]) => lon),
      part.length,
    );
  }
  return odometer;
}

function sumOfLegs(route: readonly [number, number][]): number {
  let radians = 0;
  for (const [i, [lat, lon]] of route.entries()) {
    const [lastLatitude, lastLongitude] = route[i - 1] ?? [lat, lon];
    radians += haversine(lastLatitude, lastLongitude, lat, lon);
  }
  return radians * EARTH_RADIUS_METRES;
}

function clamp(value: number, max: number): number {
  return Math.max(-max, Math.min(max, value));
}
