import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { Invalid } from "../../geo/invalid.js";
import { FeatureReader } from "./feature-reader.js";
import type { BadRow, FeatureSink } from "./row-format.js";

interface Read {
  readonly features: (readonly [latitude: number, longitude: number, name: string])[];
  readonly bad: BadRow | undefined;
}

const BERKSHIRE = [409_146_138, -746_188_906, "Berkshire Valley"] as const;
const NOWHERE = [0, 5, ""] as const;

const FORMS: Record<string, string> = {
  "the tutorials' array": `[
    {"location": {"latitude": 409146138, "longitude": -746188906}, "name": "Berkshire Valley"},
    {"location": {"longitude": 5}, "name": ""} ]`,
  "the tutorials' array in an object": `{"other": {"feature": [1]}, "feature" : [
    {"name": "Berkshire Valley", "location": {"latitude": 409146138, "longitude": -746188906}},
    {"location": {"latitude": 0, "longitude": 5}}], "more": ["]", {}]}`,
  "a GeoJSON collection": `{"type": "FeatureCollection", "name": "features", "features": [
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-74.6188906, 40.9146138, 12]}, "properties": {"name": "Berkshire Valley"}},
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [5e-7, 0]}, "properties": null}]}`,
  "GeoJSON features, one a line": `{"type":"Feature","geometry":{"type":"Point","coordinates":[-74.6188906,40.9146138]},"properties":{"name":"Berkshire Valley"}}
{"type":"Feature","geometry":{"type":"Point","coordinates":[0.0000005,0]},"properties":{"name":null}}\n`,
  "flat objects, one a line": `{"lat": "40.9146138", "lng": "-74.6188906", "name": "Berkshire Valley"}\r\n\r\n{"latitude": 0, "longitude": 5e-7}`,
  "tabs with a header": "latitude\tlongitude\tname\n40.9146138\t-74.6188906\tBerkshire Valley\n0\t0.0000005\t\n",
  "tabs without a header": "409146138\t-746188906\tBerkshire Valley\n0.0\t0.0000005",
  "commas with other columns":
    'id,Name,"LON",lat\r\n7,"Berkshire Valley",-746188906,409146138\r\n\r\n8,,0.0000005,-0\r\n',
  semicolons: "lat;long;name\n+40.91461380;-74.6188906;Berkshire Valley\n0;5e-7;",
  "a byte order mark": "\ufefflat,lon,name\n40.9146138,-74.6188906,Berkshire Valley\n0,0.0000005,\n",
  "JSON with a byte order mark": `\ufeff[{"location":{"latitude":409146138,"longitude":-746188906},"name":"Berkshire Valley"},{"location":{"longitude":5}}]`,
};

for (const [form, text] of Object.entries(FORMS)) {
  test(`Features are read from ${form}, wherever the bytes are cut`, () => {
    const bytes = Buffer.from(text);
    for (const chunkBytes of [bytes.length, 1, 2, 7, 64]) {
      assert.deepEqual(read(bytes, chunkBytes), { features: [BERKSHIRE, NOWHERE], bad: undefined }, `${chunkBytes}`);
    }
  });
}

test("Quotes follow RFC 4180, as csv-parse reads them", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", ";", "\n", "\r\n", "\t", " "), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), fc.nat(40), (names, cut) => {
      const csv = `name,lat,lon\n${names.map((name) => `"${name.replaceAll('"', '""')}",1.5,2`).join("\r\n")}`;
      const expected = parse(csv, { columns: true }) as { name: string }[];
      assert.deepEqual(
        read(Buffer.from(csv), cut + 1).features.map(([, , name]) => name),
        expected.map(({ name }) => name),
      );
    }),
  );
});

test("Names in JSON may hold any character", () => {
  const name = 'São "Paulo"\\ ] } {"features":[ \u{1f5fa}';
  const json = JSON.stringify([{ location: { latitude: 1, longitude: 2 }, name }]);
  assert.deepEqual(read(Buffer.from(json), 3).features, [[1, 2, name]]);
});

test("An array without a feature is a file without features", () => {
  for (const text of [
    "[]",
    ' {"feature": [ ] }',
    '{"type":"FeatureCollection","features":[]}',
    "latitude,longitude\n",
  ]) {
    assert.deepEqual(read(Buffer.from(text), 1), { features: [], bad: undefined }, text);
  }
});

test("The first bad row is told by its number, the value, and what is expected; what stands before it was read", () => {
  const cases: [text: string, message: string, before?: number][] = [
    ["", "line 1: the file is empty, expected features"],
    [
      "lat,lon,name\n1,2,A\n\n91,2,B\n",
      "line 4: latitude is 91, expected degrees from -90 to 90, or an E7 integer from -900000000 to 900000000; latitude and longitude may be swapped",
      1,
    ],
    [
      'lat,lon,name\n1,2,"A\nB"\n1,x,C\n',
      "line 4: longitude is x, expected degrees from -180 to 180, or an E7 integer from -1800000000 to 1800000000",
      1,
    ],
    [
      "lat,lon,name\n5",
      "line 2: longitude is empty, expected degrees from -180 to 180, or an E7 integer from -1800000000 to 1800000000",
    ],
    [
      "40.5,-746188906,A",
      "line 1: latitude is 40.5, expected an E7 integer from -900000000 to 900000000, as the other coordinate is one",
    ],
    [
      "1,2,New York, US",
      "line 1: the number of cells is 4, expected 3: a name that holds a separator must stand in quotes",
    ],
    [
      "town,where\nA,B",
      "line 1: the first row is town,where, expected a header with latitude, longitude and name, or rows in this order",
    ],
    ['lat,lon,name\n1,2,"A"B\n', 'line 2: the row is 1,2,"A"B, expected cells that end with their closing quote'],
    ['lat,lon,name\n1,2,"A\n', 'line 2: the row is 1,2,"A, expected cells that end with their closing quote'],
    ["[1", "feature 1: the feature is 1, expected a JSON object, apart from the one before"],
    [
      '[{"location": {}}, {"name": 5}]',
      'feature 2: the feature is {"name":5}, expected location, geometry, or latitude and longitude',
      1,
    ],
    ['[{"location": {"latitude": 1.5}}]', "feature 1: location.latitude is 1.5, expected an E7 integer"],
    ['[{"location": {"latitude": 1e400}}]', "feature 1: location.latitude is Infinity, expected an E7 integer"],
    [
      '[{"location": {"latitude": 900000001}}]',
      "feature 1: location.latitude is 900000001, expected E7 of -90 to 90 degrees: -900000000 to 900000000",
    ],
    ['[{"location": {}, "name": 5}]', "feature 1: name is 5, expected text"],
    ['[{"location": null}]', "feature 1: location is null, expected an object with latitude and longitude"],
    [
      '{"type":"Feature","geometry":{"type":"Polygon"}}',
      'feature 1: geometry is "Polygon", expected a Point with coordinates',
    ],
    [
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[1]}}',
      "feature 1: coordinates is [1], expected longitude and latitude in degrees",
    ],
    [
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[-746188906,5]}}',
      "feature 1: longitude is -746188906, expected degrees from -180 to 180",
    ],
    [
      '[{"location": {}}, {"location": nonsense}]',
      'feature 2: the feature is {"location": nonsense}, expected JSON in UTF-8',
      1,
    ],
    ['[{"location": {}}, ', "feature 2: the file is cut off, expected the end of its array", 1],
    ['{"features": [{"location', "feature 1: the file is cut off, expected the end of its array"],
    ['{"feat', "feature 1: the file is cut off, expected the end of its first object"],
    ['{"location": {}}\n{"location', 'feature 2: the feature is {"location, expected a whole JSON object', 1],
    ["[] x", "feature 1: what follows the array is x, expected the end of the file"],
  ];
  for (const [text, message, before = 0] of cases) {
    for (const chunkBytes of [text.length, 1]) {
      const { features, bad } = read(Buffer.from(text), Math.max(1, chunkBytes));
      assert.equal(bad?.message, message, text);
      assert.equal(features.length, before, text);
    }
  }
});

test("Of features one a line, the one that is not JSON is named", () => {
  const { bad } = read(Buffer.from('{"lat":1,"lon":2}\n{"lat":3,"lon":4}\n{"lat":NaN}\n{"lat":5,"lon":6}\n'), 99);
  assert.equal(bad?.message, 'feature 3: the feature is {"lat":NaN}, expected JSON in UTF-8');
});

test("Features without a comma between them are refused", () => {
  const { bad } = read(Buffer.from('[{"location": {}} {"location": {}}]'), 99);
  assert.equal(
    bad?.message,
    "feature 3: the feature is not separated from the one before, expected one comma between features",
  );
});

test("A name that is not UTF-8 is a bad row", () => {
  const latin1 = (text: string) => Buffer.from(text, "latin1");
  assert.equal(read(latin1("1,2,S\xe3o Paulo"), 9).bad?.message, "line 1: name is not UTF-8, expected text in UTF-8");
  assert.match(
    read(latin1('[{"location":{},"name":"S\xe3o"}]'), 99).bad?.message ?? "",
    /^feature 1: .* expected JSON in UTF-8$/,
  );
});

test("A file that is no list of features is given up after 1 MiB of one row", () => {
  const { bad } = read(Buffer.alloc(3 * 1024 * 1024, "x"), 64 * 1024);
  assert.equal(bad?.message, "line 1: the file is one row of more than 1 MiB, expected features, a row each");
});

/** Reads bytes in chunks of a size, each a copy because readers may write to them. */
function read(bytes: Uint8Array, chunkBytes: number): Read {
  const features: [number, number, string][] = [];
  const sink: FeatureSink = {
    add(latitude, longitude, name, start, end) {
      const text = Buffer.from(name.subarray(start, end)).toString();
      if (text.includes("\ufffd")) return new Invalid("name", "not UTF-8", "text in UTF-8");
      features.push([latitude, longitude, text]);
      return undefined;
    },
  };
  const reader = new FeatureReader(sink);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const bad = reader.push(Uint8Array.from(bytes.subarray(at, at + chunkBytes)));
    if (bad !== undefined) return { features, bad };
  }
  return { features, bad: reader.end() };
}
