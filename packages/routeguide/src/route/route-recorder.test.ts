import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { PointSchema } from "../contract/gen/routeguide/route_guide_pb.js";
import { type FeatureCounter, type PointBatch, RouteRecorder } from "./route-recorder.js";

type Place = readonly [latitude: number, longitude: number];

const latitude = fc.integer({ min: -900_000_000, max: 900_000_000 });
const longitude = fc.integer({ min: -1_800_000_000, max: 1_800_000_000 });
const place = fc.tuple(latitude, longitude);
const step = fc.integer({ min: -20_000_000, max: 20_000_000 });

test("A route's summary is a literal reading of the contract, however its points come in batches", () => {
  const route = fc.array(fc.oneof(place, fc.constantFrom<Place[]>([1, 2], [3, 4])), { maxLength: 60 });
  fc.assert(
    fc.property(route, fc.array(place, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (points, more, size) => {
      const features: Place[] = [[1, 2], ...more, ...points.slice(0, 3)];
      const recorder = new RouteRecorder(scan(features));
      for (let at = 0; at < points.length; at += size) {
        assert.equal(recorder.add(batchOf(points.slice(at, at + size))), undefined);
      }
      const { pointCount, featureCount, distance, elapsedTime } = recorder.summary(12_999.9);
      assert.equal(pointCount, points.length);
      assert.equal(featureCount, points.filter((point) => isAmong(features, point)).length);
      assert.ok(Math.abs(distance - literalMetres(points)) <= 1);
      assert.equal(elapsedTime, 12);
    }),
  );
});

test("A long drive in short steps keeps its exact length", () => {
  const [steps] = fc.sample(fc.array(fc.tuple(step, step), { minLength: 3000, maxLength: 3000 }), {
    numRuns: 1,
    seed: 3,
  });
  const points: Place[] = [];
  let [lat, lon] = [0, 0];
  for (const [north, east] of steps ?? []) {
    lat = Math.abs(lat + north) > 900_000_000 ? lat : lat + north;
    lon = Math.abs(lon + east) > 1_800_000_000 ? lon : lon + east;
    points.push([lat, lon]);
  }
  const recorder = new RouteRecorder(scan([]));
  recorder.add(batchOf(points));
  assert.equal(recorder.summary(0).distance, Math.round(literalMetres(points)));
  assert.equal(recorder.summary(0).pointCount, 3000);
});

test("An empty route is all zeros", () => {
  const recorder = new RouteRecorder(scan([[0, 0]]));
  recorder.add(batchOf([]));
  assert.deepEqual(recorder.summary(999), { pointCount: 0, featureCount: 0, distance: 0, elapsedTime: 0 });
});

test("A point that is not on Earth is told by its place in the route and its field", () => {
  const recorder = new RouteRecorder(scan([]));
  assert.equal(recorder.add(batchOf(Array.from({ length: 1500 }, () => [1, 2]))), undefined);
  const bad = recorder.add(batchOf([...Array.from({ length: 1200 }, (): Place => [5, 6]), [900_000_001, 0]]));
  assert.equal(bad?.index, 2700);
  assert.equal(bad.invalid?.field, "latitude");
  assert.equal(bad.invalid?.value, "900000001");
});

test("A malformed point is told by its place in the route, unless one before it is not on Earth", () => {
  const cut = {
    ...batchOf([
      [1, 2],
      [3, 4],
    ]),
  };
  cut.ends[1] = (cut.ends[1] ?? 0) - 1;
  assert.deepEqual(new RouteRecorder(scan([])).add(cut), { index: 1, invalid: undefined });
  const both = batchOf([
    [1, 2_000_000_000],
    [3, 4],
  ]);
  both.ends[1] = (both.ends[1] ?? 0) - 1;
  assert.equal(new RouteRecorder(scan([])).add(both)?.invalid?.field, "longitude");
});

/** The formulas as they are written, leg by leg, in degrees. */
function literalMetres(points: readonly Place[]): number {
  const radians = (e7: number) => ((e7 / 1e7) * Math.PI) / 180;
  let metres = 0;
  for (const [i, [latitude2, longitude2]] of points.entries()) {
    const [latitude1, longitude1] = points[i - 1] ?? [latitude2, longitude2];
    const sinLatitude = Math.sin((radians(latitude2) - radians(latitude1)) / 2);
    const sinLongitude = Math.sin((radians(longitude2) - radians(longitude1)) / 2);
    const a = sinLatitude ** 2 + Math.cos(radians(latitude1)) * Math.cos(radians(latitude2)) * sinLongitude ** 2;
    metres += 6_371_000 * 2 * Math.asin(Math.sqrt(Math.min(1, Math.max(0, a))));
  }
  return metres;
}

function scan(features: readonly Place[]): FeatureCounter {
  return {
    countFeatures(latitudes, longitudes, count) {
      const points = Array.from({ length: count }, (_, i): Place => [latitudes[i] ?? 0, longitudes[i] ?? 0]);
      return points.filter((point) => isAmong(features, point)).length;
    },
  };
}

function isAmong(features: readonly Place[], [lat, lon]: Place): boolean {
  return features.some(([latitude, longitude]) => latitude === lat && longitude === lon);
}

function batchOf(points: readonly Place[]): PointBatch {
  const messages = points.map(([latitude, longitude]) =>
    toBinary(PointSchema, create(PointSchema, { latitude, longitude })),
  );
  const ends = new Int32Array(messages.length);
  const starts = new Int32Array(messages.length);
  let at = 0;
  for (const [i, { length }] of messages.entries()) {
    starts[i] = at;
    ends[i] = at += length;
  }
  return { bytes: Buffer.concat(messages), starts, ends, count: messages.length };
}
