import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { areasOf } from "./area.js";
import { wrapLongitude } from "./point.js";

const MOST = 1_800_000_000;

suite("The rectangles of a view", () => {
  test("are one where it does not span the antimeridian, and what stands on its edge is in", () => {
    assert.deepEqual(areasOf({ south: 40, west: -75, north: 42, east: -73 }), [
      {
        lo: { latitude: 400_000_000, longitude: -750_000_000 },
        hi: { latitude: 420_000_000, longitude: -730_000_000 },
      },
    ]);
    const [area] = areasOf({ south: 40.00000001, west: 0, north: 40.00000002, east: 1 });
    assert.deepEqual([area?.lo.latitude, area?.hi.latitude], [400_000_000, 400_000_001]);
  });

  test("are two where it does, whichever way the map counts there", () => {
    const fiji = [
      { lo: { latitude: -200_000_000, longitude: 1_700_000_000 }, hi: { latitude: -100_000_000, longitude: MOST } },
      { lo: { latitude: -200_000_000, longitude: -MOST }, hi: { latitude: -100_000_000, longitude: -1_700_000_000 } },
    ];
    assert.deepEqual(areasOf({ south: -20, west: 170, north: -10, east: 190 }), fiji);
    assert.deepEqual(areasOf({ south: -20, west: -190, north: -10, east: -170 }), fiji);
  });

  test("are the whole world once for a view that has more than that", () => {
    assert.deepEqual(areasOf({ south: -95, west: -300, north: 95, east: 300 }), [
      { lo: { latitude: -900_000_000, longitude: -MOST }, hi: { latitude: 900_000_000, longitude: MOST } },
    ]);
  });

  test("never leave the Earth, and together are as wide as the view", () => {
    const degrees = fc.double({ min: -720, max: 720, noNaN: true });
    const width = fc.double({ min: 0, max: 359.9, noNaN: true });
    fc.assert(
      fc.property(degrees, width, (west, width) => {
        const areas = areasOf({ south: -1, west, north: 1, east: west + width });
        let total = 0;
        for (const { lo, hi } of areas) {
          assert.ok(lo.longitude >= -MOST && hi.longitude <= MOST && lo.longitude <= hi.longitude);
          total += hi.longitude - lo.longitude;
        }
        assert.ok(Math.abs(total - width * 10_000_000) < 5);
      }),
    );
  });
});

test("A longitude is the same within 180 degrees, however often the map went round", () => {
  assert.deepEqual([180, -180, 181, -181, 540, 725].map(wrapLongitude), [180, -180, -179, 179, -180, 5]);
});
