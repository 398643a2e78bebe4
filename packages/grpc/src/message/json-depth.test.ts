import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isTooDeep } from "./json-depth.js";

const nested = (depth: number, open: string, close: string) => Buffer.from(open.repeat(depth) + close.repeat(depth));

test("a hundred values in each other pass, more do not, closed or not", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"]":', "}]"],
  ] as const) {
    const levels = open.startsWith("[{") ? 2 : 1;
    assert.equal(isTooDeep(nested(100 / levels, open, close)), false);
    assert.equal(isTooDeep(nested(100 / levels + 1, open, close)), true);
    assert.equal(isTooDeep(nested(101, open, "")), true);
  }
});

test("what is side by side or within a text is not deep", () => {
  assert.equal(isTooDeep(Buffer.from(`[${"[],{},".repeat(1000)}0]`)), false);
  assert.equal(isTooDeep(Buffer.from(JSON.stringify(["[".repeat(1000), '"[\\'.repeat(1000), "\\"]))), false);
  assert.equal(isTooDeep(Buffer.from(`["\\\\", ${"[".repeat(100)}`)), true);
});

test("no JSON of fewer levels is called too deep", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 20 }), (text) => !isTooDeep(Buffer.from(text))));
});

test("any bytes at all have an answer", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof isTooDeep(bytes) === "boolean"));
});
