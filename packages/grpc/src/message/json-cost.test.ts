import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { costOf } from "./json-cost.js";

const DEEP = "more than 100 JSON values in each other";

const nested = (depth: number, open: string, close: string) => Buffer.from(open.repeat(depth) + close.repeat(depth));

test("a hundred values in each other pass, more do not, closed or not", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"]":', "}]"],
  ] as const) {
    const levels = open.startsWith("[{") ? 2 : 1;
    assert.equal(costOf(nested(100 / levels, open, close)), undefined);
    assert.equal(costOf(nested(100 / levels + 1, open, close)), DEEP);
    assert.equal(costOf(nested(101, open, "")), DEEP);
  }
});

test("what is side by side or within a text is not deep", () => {
  assert.equal(costOf(Buffer.from(`[${"[],{},".repeat(500)}0]`)), undefined);
  assert.equal(costOf(Buffer.from(JSON.stringify(["[".repeat(1000), '"[\\'.repeat(1000), "\\"]))), undefined);
  assert.equal(costOf(Buffer.from(`["\\\\", ${"[".repeat(100)}`)), DEEP);
});

test("no JSON of fewer levels is called too deep", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 20 }), (text) => costOf(Buffer.from(text)) === undefined));
});

test("any bytes at all have an answer", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => costOf(bytes)?.includes("JSON") ?? true));
});

test("arrays and objects that are nothing but brackets are too many, lists of small messages are not", () => {
  const listOf = (item: string) => Buffer.from(`[${Array.from({ length: 100_000 }, () => item).join()}]`);
  for (const item of ['{"a":1}', '{"latitude":1}', "1", '"[]"']) assert.equal(costOf(listOf(item)), undefined, item);
  for (const item of ["[]", "{}", "[1]"]) {
    assert.equal(costOf(listOf(item)), "more JSON arrays and objects than one in 8 bytes", item);
  }
});
