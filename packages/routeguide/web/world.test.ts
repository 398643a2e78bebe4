/** The outlines that the build makes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import type { FeatureCollection, Point, Position } from "geojson";

const world = JSON.parse(readFileSync(new URL("../web/countries.json", import.meta.url), "utf8")) as FeatureCollection<
  never,
  { name?: string }
>;

const geometries = world.features.map(({ geometry }) => geometry as { type: string; coordinates: unknown });
const of = (type: string) => geometries.filter((geometry) => geometry.type === type);

suite("The outlines of the map", () => {
  test("No line of them jumps across the map, but for the pole's", () => {
    const rings = of("MultiPolygon").flatMap(({ coordinates }) => (coordinates as Position[][][]).flat());
    const lines = [...rings, ...of("MultiLineString").flatMap(({ coordinates }) => coordinates as Position[][])];
    assert.ok(rings.length > 1_000 && lines.length > rings.length);
    for (const line of lines) {
      for (const [i, [lng = 0, lat = 0]] of line.entries()) {
        const [before = lng] = line[i - 1] ?? [];
        assert.ok(Math.abs(lng - before) <= 180 || lat === -90, `from ${before} to ${lng} at ${lat}`);
      }
    }
  });

  test("All rings are closed", () => {
    for (const { coordinates } of of("MultiPolygon")) {
      for (const ring of (coordinates as Position[][][]).flat()) assert.deepEqual(ring[0], ring.at(-1));
    }
  });

  test("Each country has one name, somewhere in it, the largest first", () => {
    const names = world.features.flatMap(({ properties: { name } }) => (name === undefined ? [] : [name]));
    assert.equal(new Set(names).size, of("Point").length);
    assert.ok(names.indexOf("Russia") < 10 && names.indexOf("Malta") > 150);
    const italy = world.features.find(({ properties }) => properties.name === "Italy");
    assert.ok(italy !== undefined);
    const [lng = 0, lat = 0] = (italy.geometry as Point).coordinates;
    assert.ok(lng > 7 && lng < 18 && lat > 37 && lat < 47);
  });
});
