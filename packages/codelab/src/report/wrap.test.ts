import assert from "node:assert/strict";
import { test } from "node:test";
import { wrap, wrapProse } from "./wrap.js";

test("lines are broken at spaces, and words that are too long anywhere", () => {
  assert.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
});

test("the line breaks of a text stay", () => {
  assert.deepEqual(wrap("a\nb\n\nc", 10), ["a", "b", "", "c"]);
});

test("a paragraph of Markdown is one line, however it was broken; paragraphs, lists and code stay apart", () => {
  const markdown = "one\ntwo\n\nthree\n- four\n- five\n\n```ts\nsix\nseven\n```\n";
  assert.deepEqual(wrapProse(markdown, 80), [
    "one two",
    "",
    "three",
    "- four",
    "- five",
    "",
    "```ts",
    "six",
    "seven",
    "```",
    "",
  ]);
});
