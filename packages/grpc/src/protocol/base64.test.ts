import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeBinaryField, encodeBinaryField } from "./base64.js";

const bytesOf = (value: string) => {
  const bytes = decodeBinaryField(value);
  return bytes && Buffer.from(bytes);
};

test("bytes are read as they were written, without padding", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const value = encodeBinaryField(bytes);
      assert.ok(!value.includes("="));
      assert.deepEqual(bytesOf(value), Buffer.from(bytes));
    }),
  );
});

test("padding, and space around a value, are accepted", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const value = Buffer.from(bytes).toString("base64");
      assert.deepEqual(bytesOf(` ${value} `), Buffer.from(bytes));
    }),
  );
});

test("of values that were joined with commas, the first counts", () => {
  assert.deepEqual(bytesOf("AQ, Ag"), Buffer.of(1));
});

test("what is not base64 is nothing", () => {
  for (const value of ["%%", "a", "AQID!", "ü"]) assert.equal(decodeBinaryField(value), undefined, value);
  fc.assert(
    fc.property(fc.string(), (value) => {
      const bytes = decodeBinaryField(value);
      assert.ok(bytes === undefined || bytes.length <= value.length);
    }),
  );
});
