import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { haversine } from "../src/geo/haversine.js";
import { greatCircle } from "./great-circle.js";
import type { Degrees } from "./point.js";

/** As the server measures, in radians. */
const distance = (one: Degrees, other: Degrees) =>
  haversine(one.lat * 1e7, one.lng * 1e7, other.lat * 1e7, other.lng * 1e7);

suite("The way between two points", () => {
  test("It is as long as the server says, and its points are nowhere far apart", () => {
    const points = fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(points, points, (from, to) => {
        const direct = distance(from, to);
        // Next to antipodes, where the way goes hangs on the last digits.
        fc.pre(direct < 3.14);
        let length = 0;
        let before = from;
        for (const point of greatCircle(from, to)) {
          const step = distance(before, point);
          assert.ok(step < 0.0044, `${step} radians`);
          length += step;
          before = point;
        }
        assert.equal(before, to);
        assert.ok(Math.abs(length - direct) < 1e-6, `${length} and ${direct}`);
      }),
    );
  });

  test("From Vancouver to Frankfurt it passes Greenland", () => {
    const way = greatCircle({ lat: 49.2, lng: -123.2 }, { lat: 50, lng: 8.6 });
    const northernmost = way.reduce((one, other) => (other.lat > one.lat ? other : one));
    assert.ok(northernmost.lat > 69 && northernmost.lng > -65 && northernmost.lng < -45, JSON.stringify(northernmost));
  });

  test("There is nothing between antipodes, nor between a point and itself", () => {
    const [north, south] = [
      { lat: 90, lng: 0 },
      { lat: -90, lng: 0 },
    ];
    assert.deepEqual(greatCircle(north, south), [south]);
    assert.deepEqual(greatCircle(north, north), [north]);
  });
});
