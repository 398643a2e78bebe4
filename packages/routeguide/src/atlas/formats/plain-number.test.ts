import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCoordinates } from "../../geo/parse-point.js";
import { plainDegreesE7, plainE7 } from "./plain-number.js";

test("Plain degrees are read exactly, as parseCoordinates reads them", () => {
  fc.assert(
    fc.property(fc.integer({ min: -899_999_999, max: 899_999_999 }), fc.integer({ min: 1, max: 7 }), (e7, decimals) => {
      const text = (e7 / 1e7).toFixed(decimals);
      const point = parseCoordinates(text, "0");
      assert.deepEqual({ latitude: degrees(text), longitude: 0 }, point, text);
    }),
  );
});

test("Whatever is not plain degrees is left to others", () => {
  for (const text of [
    "",
    "-",
    ".",
    "5",
    "-5",
    "5.",
    ".5",
    "+5.5",
    "5.5.5",
    "1e-7",
    "5,5",
    " 5.5",
    "0.12345678",
    "1234.5",
    "409146138",
    "x",
  ]) {
    assert.ok(Number.isNaN(degrees(text)), text);
  }
  assert.ok(Object.is(degrees("-0.0"), 0));
});

test("Plain E7 is read as parseCoordinates reads it, and nothing else is", () => {
  const texts = ["-746188906", "1800000000", "9000", "-1000"];
  for (const text of texts) assert.deepEqual(parseCoordinates("0", text), { latitude: 0, longitude: e7(text) });
  for (const text of ["", "-", "999", "0999", "12345678901", "5.5", "+5000", "1e10", "5 000", "--5000"]) {
    assert.ok(Number.isNaN(e7(text)), text);
  }
});

function degrees(text: string): number {
  const bytes = Buffer.from(`9${text}9`);
  return plainDegreesE7(bytes, 1, bytes.length - 1);
}

function e7(text: string): number {
  const bytes = Buffer.from(`9${text}9`);
  return plainE7(bytes, 1, bytes.length - 1);
}
