import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Invalid } from "./invalid.js";
import { parseCoordinates, parsePoint, pointInDegrees } from "./parse-point.js";
import { checkPoint, formatDegrees, MAX_LATITUDE_E7, MAX_LONGITUDE_E7, type Point } from "./point.js";
import { contains, rectangleBetween } from "./rectangle.js";

const points = fc.record(
  {
    latitude: fc.integer({ min: -MAX_LATITUDE_E7, max: MAX_LATITUDE_E7 }),
    longitude: fc.integer({ min: -MAX_LONGITUDE_E7, max: MAX_LONGITUDE_E7 }),
  },
  { noNullPrototype: true },
);

test("Every point is read back from its degrees", () => {
  const text = ({ latitude, longitude }: Point) => `${formatDegrees(latitude)},${formatDegrees(longitude)}`;
  fc.assert(fc.property(points, (point) => assert.deepEqual(parsePoint(text(point)), point)));
});

test("A point may be written in degrees or in E7, with a comma or white space", () => {
  const point = { latitude: 409_146_000, longitude: -746_189_000 };
  for (const text of ["40.9146,-74.6189", " 40.9146 -74.6189 ", "40.9146 , -74.6189", "409146000,-746189000"]) {
    assert.deepEqual(parsePoint(text), point, text);
  }
});

test("Integers up to 360 are degrees, unless the other coordinate can only be E7", () => {
  assert.deepEqual(parseCoordinates("5", "-180"), { latitude: 50_000_000, longitude: -1_800_000_000 });
  assert.deepEqual(parseCoordinates("5", "-746188906"), { latitude: 5, longitude: -746_188_906 });
  assert.deepEqual(parseCoordinates("-0", "0"), { latitude: 0, longitude: 0 });
});

test("Degrees are rounded to the nearest E7", () => {
  assert.deepEqual(parseCoordinates("0.00000005", "1e-7"), { latitude: 1, longitude: 1 });
  assert.deepEqual(parseCoordinates("-23.54750004", "+46."), { latitude: -235_475_000, longitude: 460_000_000 });
});

test("What is no point is refused by the name of the field, its value and what would be right", () => {
  const message = (text: string) => {
    const point = parsePoint(text);
    assert.ok(point instanceof Invalid, text);
    return point.message;
  };
  const latitudes = "degrees from -90 to 90, or an E7 integer from -900000000 to 900000000";
  assert.equal(message("91,181"), `latitude is 91, expected ${latitudes}`);
  assert.equal(message("north,5"), `latitude is north, expected ${latitudes}`);
  assert.equal(message(",5"), `latitude is empty, expected ${latitudes}`);
  assert.match(message("10,270"), /^longitude is 270, expected degrees from -180 to 180/);
  assert.match(message("5,180.1"), /^longitude is 180.1, expected degrees from -180 to 180/);
  assert.match(
    message("40.5,-746188906"),
    /^latitude is 40.5, expected an E7 integer .* as the other coordinate is one$/,
  );
  assert.match(message("900000001,-1800000001"), /^latitude is 900000001, expected an E7 integer .* to 900000000$/);
  assert.match(message("0x10,5"), /^latitude is 0x10/);
  for (const text of ["", "5", "1,2,3"]) assert.match(message(text), /^point is ".*", expected latitude,longitude/);
});

test("Coordinates that are a point only the other way round are said to be swapped", () => {
  const isSwapped = (point: Point | Invalid) =>
    point instanceof Invalid && point.message.endsWith("; latitude and longitude may be swapped");
  assert.ok(isSwapped(parsePoint("-118.24368,34.05223")));
  assert.ok(isSwapped(parsePoint("-1182436800,340522300")));
  assert.ok(isSwapped(pointInDegrees(151.20732, -33.86785)));
  for (const text of ["34.05223,-190", "91,181", "x,5"]) assert.ok(!isSwapped(parsePoint(text)), text);
});

test("A point is on Earth up to the poles and the antimeridian", () => {
  assert.equal(checkPoint(900_000_000, -1_800_000_000), undefined);
  assert.equal(checkPoint(-900_000_000, 1_800_000_000), undefined);
  const latitude = checkPoint(-900_000_001, 1_800_000_001, "lo.");
  assert.deepEqual([latitude?.field, latitude?.value], ["lo.latitude", "-900000001"]);
  const longitude = checkPoint(0, 1_800_000_001);
  assert.deepEqual([longitude?.field, longitude?.value], ["longitude", "1800000001"]);
});

test("A rectangle is the same whichever opposite corners it is given by, and holds its corners and edges", () => {
  fc.assert(
    fc.property(points, points, (a, b) => {
      const rectangle = rectangleBetween(a, b);
      const c = { latitude: a.latitude, longitude: b.longitude };
      const d = { latitude: b.latitude, longitude: a.longitude };
      for (const other of [rectangleBetween(b, a), rectangleBetween(c, d), rectangleBetween(d, c)]) {
        assert.deepEqual(other, rectangle);
      }
      for (const { latitude, longitude } of [a, b, c, d]) assert.ok(contains(rectangle, latitude, longitude));
      assert.ok(!contains(rectangle, rectangle.north + 1, rectangle.west));
      assert.ok(!contains(rectangle, rectangle.south, rectangle.west - 1));
    }),
  );
});
