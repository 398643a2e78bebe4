import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { FeatureSchema, RouteSummarySchema } from "../contract/gen/routeguide/route_guide_pb.js";
import { type Format, formatMany, formatOne } from "./format.js";
import { featureShape, formatDistance, grouped, summaryShape } from "./shapes.js";

const CITY = create(FeatureSchema, {
  name: 'New "York"',
  location: { latitude: 407_142_700, longitude: -740_059_700 },
});
const UNNAMED = create(FeatureSchema, { location: { latitude: 1, longitude: 0 } });
const SUMMARY = create(RouteSummarySchema, { pointCount: 1234, featureCount: 2, distance: 56_789, elapsedTime: 3 });

function write<T>({ opening, separator, closing, item }: Format<T>, ...values: readonly T[]): string {
  return opening + values.map(item).join(separator) + closing;
}

suite("a stream of features", () => {
  test("is a table of aligned degrees and names", () => {
    assert.equal(
      write(formatMany("table", featureShape), CITY, UNNAMED),
      `LATITUDE      LONGITUDE     NAME
  40.71427     -74.00597    New "York"
   0.0000001     0          (no name)
`,
    );
  });

  test("is one JSON array in degrees", () => {
    assert.deepEqual(JSON.parse(write(formatMany("json", featureShape), CITY, UNNAMED)), [
      { latitude: 40.71427, longitude: -74.00597, name: 'New "York"' },
      { latitude: 1e-7, longitude: 0, name: "" },
    ]);
    assert.deepEqual(JSON.parse(write(formatMany("json", featureShape))), []);
  });

  test("is one JSON object a line", () => {
    const lines = write(formatMany("ndjson", featureShape), CITY, UNNAMED).split("\n");
    assert.deepEqual(
      lines.slice(0, 2).map((line) => JSON.parse(line).name),
      ['New "York"', ""],
    );
    assert.deepEqual(lines.slice(2), [""]);
    assert.equal(write(formatMany("ndjson", featureShape)), "");
  });

  test("is a GeoJSON collection, longitude first", () => {
    assert.deepEqual(JSON.parse(write(formatMany("geojson", featureShape), CITY)), {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [-74.00597, 40.71427] },
          properties: { name: 'New "York"' },
        },
      ],
    });
    assert.deepEqual(JSON.parse(write(formatMany("geojson", featureShape))).features, []);
  });
});

suite("a summary", () => {
  test("names its units in every format", () => {
    const properties = { pointCount: 1234, featureCount: 2, distanceMetres: 56_789, elapsedSeconds: 3 };
    assert.deepEqual(JSON.parse(write(formatOne("json", summaryShape), SUMMARY)), properties);
    assert.equal(write(formatOne("ndjson", summaryShape), SUMMARY), `${JSON.stringify(properties)}\n`);
    assert.equal(
      write(formatOne("table", summaryShape), SUMMARY),
      "POINTS      FEATURES    DISTANCE        TIME\n1,234       2           56.8 km         3 s\n",
    );
  });

  test("is a GeoJSON feature that is nowhere", () => {
    const feature = JSON.parse(write(formatOne("geojson", summaryShape), SUMMARY));
    assert.equal(feature.type, "Feature");
    assert.equal(feature.geometry, null);
  });
});

test("distances are in metres, then in kilometres, with no more digits than help", () => {
  assert.equal(formatDistance(0), "0 m");
  assert.equal(formatDistance(999), "999 m");
  assert.equal(formatDistance(1000), "1 km");
  assert.equal(formatDistance(12_345), "12.3 km");
  assert.equal(formatDistance(2_147_483_647), "2,147,484 km");
});

test("large numbers are grouped by threes", () => {
  assert.deepEqual([0, 999, 1000, 123_456, 1_234_567].map(grouped), ["0", "999", "1,000", "123,456", "1,234,567"]);
});
