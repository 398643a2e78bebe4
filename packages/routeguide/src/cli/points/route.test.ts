import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { Failure } from "../failure.js";
import { readRoute } from "./route.js";
import type { RouteFormat } from "./route-format.js";

const folder = mkdtempSync(join(tmpdir(), "routeguide-route-"));
after(() => rmSync(folder, { recursive: true }));

const GPX = `<?xml version="1.0"?>
<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
  <wpt lat="1" lon="1"><name>not on the way</name></wpt>
  <rte><rtept lat="40.9146138" lon="-74.6188906"/></rte>
  <trk><name>a &lt;walk&gt;</name><trkseg>
    <trkpt lat="41.5" lon="-75.25"><ele>12</ele></trkpt>
    <trkpt lon="10" lat="-33.9"></trkpt>
  </trkseg></trk>
</gpx>
`;
const NDJSON = `{"latitude":40.9146138,"longitude":-74.6188906}
{"lat":41.5,"lon":-75.25}

{"location":{"latitude":-339000000,"longitude":100000000},"name":"kept out of it"}
`;
const JSON_ARRAY = `[{"latitude":40.9146138,"longitude":-74.6188906,"name":"é"},
{"lat":41.5,"lon":-75.25}, {"location":{"latitude":-339000000,"longitude":100000000}}]`;
const GEOJSON = `{
  "type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": "é"}, "geometry": {"type": "LineString", "coordinates": [[-74.6188906, 40.9146138, 12]]}},
    {"type": "Feature", "properties": null, "geometry": null},
    {"type": "Feature", "properties": null, "geometry": {"type": "GeometryCollection", "geometries": [
      {"type": "Point", "coordinates": [-75.25, 41.5]}, {"type": "MultiLineString", "coordinates": [[], [[10, -33.9]]]}]}}]}`;
const CSV = 'name,latitude,longitude\nDepot,40.9146138,-74.6188906\n"a, b",41.5,-75.25\n\nx,-33.9,10\n';
const POINTS = [
  { latitude: 409_146_138, longitude: -746_188_906 },
  { latitude: 415_000_000, longitude: -752_500_000 },
  { latitude: -339_000_000, longitude: 100_000_000 },
];

async function read(text: string | readonly string[], format?: RouteFormat) {
  const pieces = typeof text === "string" ? [text] : text;
  return collect(
    readRoute(
      "-",
      Readable.from(
        pieces.map((piece) => Buffer.from(piece)),
        { objectMode: false },
      ),
      format,
    ),
  );
}

async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

const refused = (text: string, message: string | RegExp, format?: RouteFormat) =>
  assert.rejects(read(text, format), (error) => {
    assert.ok(error instanceof Failure, String(error));
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });

suite("readRoute", () => {
  for (const [format, text] of Object.entries({
    gpx: GPX,
    ndjson: NDJSON,
    csv: CSV,
    json: JSON_ARRAY,
    geojson: GEOJSON,
  })) {
    test(`tells ${format} by its beginning`, async () => {
      assert.deepEqual(await read(text), POINTS);
      assert.deepEqual(await read(`\ufeff\n${text}`.replace("\n<?xml", "<?xml")), POINTS);
    });

    test(`tells ${format} by the name of its file`, async () => {
      const path = join(folder, `route.${format}`);
      writeFileSync(path, text);
      assert.deepEqual(await collect(readRoute(path, Readable.from([]))), POINTS);
    });

    test(`reads ${format} however it is cut`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
          const pieces = edges.slice(1).map((end, i) => text.slice(edges[i], end));
          assert.deepEqual(await read(pieces), POINTS);
        }),
        { numRuns: 50 },
      );
    });
  }

  test("reads GeoJSON in one line, and a feature a line", async () => {
    const geometry = { type: "MultiPoint", coordinates: POINTS.map((p) => [p.longitude / 1e7, p.latitude / 1e7]) };
    assert.deepEqual(await read(JSON.stringify(geometry)), POINTS);
    const features = geometry.coordinates.map((coordinates) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates },
    }));
    assert.deepEqual(await read(features.map((feature) => JSON.stringify(feature)).join("\n")), POINTS);
  });

  test("reads what is gzipped, and says when that is cut", async () => {
    const zipped = gzipSync(GPX);
    const path = join(folder, "walk.gpx.gz");
    writeFileSync(path, zipped);
    assert.deepEqual(await collect(readRoute(path, Readable.from([]))), POINTS);
    const bytes = Array.from(zipped, (byte) => Buffer.of(byte));
    assert.deepEqual(await collect(readRoute("-", Readable.from(bytes, { objectMode: false }))), POINTS);
    writeFileSync(path, zipped.subarray(0, zipped.length - 9));
    await assert.rejects(collect(readRoute(path, Readable.from([]))), {
      message: `cannot read ${path}: unexpected end of file`,
    });
  });

  test("says that a folder is no file", async () => {
    await assert.rejects(collect(readRoute(folder, Readable.from([]))), {
      message: `cannot read ${folder}: it is a folder`,
    });
  });

  test("takes a stated form before any guess", async () => {
    await refused(CSV, /^stdin: line 1: not JSON/, "ndjson");
  });

  test("reads CSV without names, with tabs or semicolons, and with CRLF", async () => {
    const rows = [
      ["40.9146138", "-74.6188906"],
      ["41.5", "-75.25"],
      ["-339000000", "100000000"],
    ];
    for (const delimiter of [",", ";", "\t"]) {
      assert.deepEqual(
        await read(rows.map((row) => row.join(delimiter)).join("\r\n")),
        POINTS,
        JSON.stringify(delimiter),
      );
    }
  });

  test("has no points in an empty text", async () => {
    assert.deepEqual(await read(""), []);
  });

  test("names the line of what is no point", async () => {
    await refused("40,-74\n91,-74\n", /^stdin: line 2: latitude is 91, expected /);
    await refused("40,-74\n40\n", /^stdin: line 2: longitude is empty, expected /);
    await refused("place,x\n", "stdin: line 1: no columns named latitude and longitude in place, x");
    await refused('40,"-74\n', /^stdin: Quote Not Closed/);
    await refused('{"lat":1,"lon":2}\n{"lat":1}\n', 'stdin: line 2: no latitude and longitude in {"lat":1}');
    await refused('{"lat":1,"lon":2}\n{"lat":1', 'stdin: line 2: not JSON: {"lat":1');
    await refused("[1,2]", "stdin: line 1: not a JSON object: 1", "ndjson");
    await refused('[{"lat":1,"lon":2}, {"lat":1}]', 'stdin: point 2: no latitude and longitude in {"lat":1}');
    await refused('{"type":"LineString","coordinates":[[1,2],[1]]}', /^stdin: line 1: expected longitude and latitude/);
    await refused('{\n"type":"Polygon","coordinates":[]}', "stdin: point 1: a Polygon is no route");
    await refused('{\n"type":"LineString"}', "stdin: point 1: coordinates is no array");
    await refused("[", /^stdin: not JSON: /);
    await refused('<gpx>\n<trkpt lat="x" lon="2"/></gpx>', /^stdin: line 2, trkpt: latitude is x, expected /);
    await refused('<gpx>\n<trkpt lon="2"/></gpx>', /^stdin: line 2, trkpt: latitude is empty, expected /);
    await refused("<gpx>\n<trkpt", /^stdin: line 2 is not XML: /);
    await refused("<kml/>", "stdin: line 1 begins with kml, expected gpx");
    await refused('<gpx><wpt lat="1" lon="2"/></gpx>', /^stdin: no track and no route in it/);
    await refused('40,-74\nx"y,-74\n', /^stdin: Invalid Opening Quote/);
    await refused("l\0a\0t\0", "stdin: not text in UTF-8");
  });

  test("refuses a line without end instead of keeping it", async () => {
    const endless = " ".repeat(1 << 21);
    await refused(`{${endless}`, /line 1 is longer than 1048576 characters/, "ndjson");
    await refused(`1${endless}`, /^stdin: Max Record Size/);
    await refused(`[${endless.repeat(33)}`, /^stdin: a JSON document of more than 67108864 characters/);
  });

  test("says why a file cannot be read", async () => {
    const path = join(folder, "missing.gpx");
    await assert.rejects(collect(readRoute(path, Readable.from([]))), {
      message: `cannot read ${path}: no such file or directory`,
    });
  });

  test("reads no further than it is asked", async () => {
    let given = 0;
    function* endless() {
      for (;;) {
        given++;
        yield Buffer.from("40,-74\n".repeat(1000));
      }
    }
    const source = Readable.from(endless(), { objectMode: false });
    for await (const batch of readRoute("-", source)) {
      assert.ok(batch.length > 0);
      break;
    }
    if (!source.destroyed) await new Promise((resolve) => source.once("close", resolve));
    assert.ok(given < 100, `${given} pieces were read`);
  });
});
