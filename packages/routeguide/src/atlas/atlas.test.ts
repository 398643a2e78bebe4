import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { envelopeEnd } from "../contract/envelope-writer.js";
import { FeatureSchema } from "../contract/gen/routeguide/route_guide_pb.js";
import { contains, type Rectangle, rectangleBetween } from "../geo/rectangle.js";
import type { Atlas } from "./atlas.js";
import { AtlasBuilder } from "./atlas-builder.js";
import type { Run } from "./run.js";

interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly name: string;
}

const WORLD: Rectangle = { south: -9e8, west: -18e8, north: 9e8, east: 18e8 };
/** Few different values, so that points share coordinates and rectangles have points on their edges. */
const coarse = (max: number) => fc.integer({ min: -9, max: 9 }).map((tenth) => (tenth * max) / 9);
const fine = (max: number) => fc.integer({ min: -max, max });
const point = fc.oneof(
  fc.record({ latitude: coarse(9e8), longitude: coarse(18e8) }),
  fc.record({ latitude: fine(9e8), longitude: fine(18e8) }),
);
const places = fc.array(
  fc.tuple(point, fc.string({ unit: "binary", maxLength: 12 })).map(([at, name]) => ({ ...at, name })),
  { maxLength: 300 },
);

test("A rectangle gives exactly the features that a plain scan finds in it, edges included", () => {
  fc.assert(
    fc.property(places, point, point, (all, one, other) => {
      const rectangle = rectangleBetween(one, other);
      const expected = all.filter(({ latitude, longitude }) => contains(rectangle, latitude, longitude));
      assert.deepEqual(sorted(features(atlasOf(all).runs(rectangle))), sorted(expected));
    }),
    { numRuns: 500 },
  );
});

test("Large data sets answer like a plain scan too, whatever their shape", () => {
  const random = fc.sample(fc.tuple(fine(9e8), fine(18e8)), { numRuns: 5000, seed: 7 });
  const shapes: Record<string, Place[]> = {
    scattered: random.map(([latitude, longitude], i) => ({ latitude, longitude, name: String(i) })),
    "on one meridian": random.map(([latitude], i) => ({ latitude, longitude: 5, name: String(i) })),
    "on a diagonal": random.map(([latitude], i) => ({ latitude, longitude: 2 * latitude, name: String(i) })),
    "all at one point": random.map((_, i) => ({ latitude: 1, longitude: -1, name: String(i) })),
    "in two heaps": random.map((_, i) => ({ latitude: i % 2, longitude: 0, name: String(i) })),
  };
  const corners = fc.sample(fc.tuple(point, point), { numRuns: 40, seed: 7 });
  for (const [shape, all] of Object.entries(shapes)) {
    const atlas = atlasOf(all);
    const rectangles = corners.map(([one, other]) => rectangleBetween(one, other)).concat(all.slice(0, 3).map(around));
    for (const rectangle of rectangles) {
      const expected = all.filter(({ latitude, longitude }) => contains(rectangle, latitude, longitude));
      assert.deepEqual(sorted(features(atlas.runs(rectangle))), sorted(expected), shape);
    }
  }
});

test("The whole world is a few runs of the arena itself, in order and without copies", () => {
  const atlas = atlasOf(
    Array.from({ length: 20_000 }, (_, i) => ({ latitude: i * 7, longitude: -i * 13, name: `${i}` })),
  );
  const runs = [...atlas.runs(WORLD)];
  const bytes = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  assert.ok(runs.length <= Math.ceil(bytes / (128 * 1024)) + 1);
  assert.equal(new Set(runs.map((run) => run.bytes)).size, 1);
  for (const [i, run] of runs.entries()) assert.equal(run.start, runs[i - 1]?.end ?? 0);
  assert.ok(runs.every(({ start, end }) => end - start <= 128 * 1024 + 100));
});

test("Many single features along a rectangle's edge come in one run", () => {
  const atlas = atlasOf(
    Array.from({ length: 10_000 }, (_, i) => ({ latitude: i % 100, longitude: Math.floor(i / 100), name: "" })),
  );
  const runs = [...atlas.runs({ south: 50, north: 50, west: -5, east: 105 })];
  assert.equal(runs.length, 1);
  assert.equal(runs[0]?.count, 100);
});

test("An empty atlas has no run, no feature and no point", () => {
  const atlas = atlasOf([]);
  assert.deepEqual([...atlas.runs(WORLD)], []);
  assert.equal(atlas.size, 0);
  assert.equal(atlas.has(0, 0), false);
});

test("Each feature is found at its point, the first one added where several share it", () => {
  fc.assert(
    fc.property(places, (all) => {
      const atlas = atlasOf(all);
      assert.equal(atlas.size, all.length);
      for (const { latitude, longitude } of all) {
        const first = all.find((place) => place.latitude === latitude && place.longitude === longitude);
        assert.ok(atlas.has(latitude, longitude));
        assert.deepEqual(features([atlas.feature(latitude, longitude)]), [first]);
      }
    }),
  );
});

test("A point that is no feature's comes back without a name", () => {
  fc.assert(
    fc.property(places, point, (all, { latitude, longitude }) => {
      const unknown = all.filter((place) => place.latitude !== latitude || place.longitude !== longitude);
      const atlas = atlasOf(unknown);
      assert.ok(!atlas.has(latitude, longitude));
      assert.deepEqual(features([atlas.feature(latitude, longitude)]), [{ latitude, longitude, name: "" }]);
    }),
  );
});

test("Points of a route are counted once each, unnamed features too", () => {
  const atlas = atlasOf([
    { latitude: 1, longitude: 2, name: "" },
    { latitude: 1, longitude: 2, name: "Twin" },
    { latitude: 3, longitude: 4, name: "Other" },
  ]);
  const latitudes = Int32Array.of(1, 2, 1, 3, 3);
  const longitudes = Int32Array.of(2, 1, 2, 4, 4);
  assert.equal(atlas.countFeatures(latitudes, longitudes, 5), 4);
  assert.equal(atlas.countFeatures(latitudes, longitudes, 3), 2);
});

test("A name that is not UTF-8, is too long or leaves no room is refused, and what follows is taken", () => {
  const builder = new AtlasBuilder(40);
  const add = (name: Uint8Array) => builder.add(1, 1, name, 0, name.length)?.message;
  assert.equal(add(Uint8Array.of(0xff)), "name is not UTF-8, expected text in UTF-8");
  assert.equal(add(new Uint8Array(65_536)), "name is 65536 bytes long, expected at most 65535");
  assert.equal(add(Buffer.from("A place")), undefined);
  assert.equal(
    add(Buffer.from("Another place")),
    "the first 2 features is 46 bytes as envelopes, expected at most 40 bytes",
  );
  assert.deepEqual(features(builder.build().runs(WORLD)), [{ latitude: 1, longitude: 1, name: "A place" }]);
  assert.equal(builder.size, 0);
});

function atlasOf(all: readonly Place[]): Atlas {
  const builder = new AtlasBuilder();
  for (const { latitude, longitude, name } of all) {
    const bytes = Buffer.from(name);
    assert.equal(builder.add(latitude, longitude, bytes, 0, bytes.length), undefined);
  }
  return builder.build();
}

/** What a client would see, which also checks each run's bounds and count. */
function features(runs: Iterable<Run>): Place[] {
  const found: Place[] = [];
  for (const { bytes, start, end, count } of runs) {
    const before = found.length;
    for (let at = start; at < end; ) {
      const next = envelopeEnd(bytes, at);
      const { name, location } = fromBinary(FeatureSchema, bytes.subarray(at + 5, next));
      found.push({ latitude: location?.latitude ?? NaN, longitude: location?.longitude ?? NaN, name });
      at = next;
      assert.ok(at <= end);
    }
    assert.equal(found.length - before, count);
    assert.ok(count > 0);
  }
  return found;
}

function sorted(all: readonly Place[]): string[] {
  return all.map(({ latitude, longitude, name }) => JSON.stringify([latitude, longitude, name])).sort();
}

/** A rectangle that is nothing but one point. */
function around({ latitude, longitude }: Place): Rectangle {
  return { south: latitude, north: latitude, west: longitude, east: longitude };
}
