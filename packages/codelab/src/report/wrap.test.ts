import assert from "node:assert/strict";
import { test } from "node:test";
import { clip, wrap, wrapProse } from "./wrap.js";

test("lines are broken at spaces, and words that are too long anywhere", () => {
  assert.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
});

test("the line breaks of a text stay", () => {
  assert.deepEqual(wrap("a\nb\n\nc", 10), ["a", "b", "", "c"]);
});

test("a line is clipped where it does not fit, and says so", () => {
  assert.equal(clip("abcdefgh", 8), "abcdefgh");
  assert.equal(clip("abcdefghi", 8), "abcde...");
});

test("a paragraph of Markdown is one line, however it was broken; paragraphs and lists stay apart", () => {
  assert.deepEqual(wrapProse("one\ntwo\n\nthree\n- four\n- five\n", 80), [
    "one two",
    "",
    "three",
    "- four",
    "- five",
    "",
  ]);
});

test("code in Markdown stays as it is, moved in instead of fenced", () => {
  const markdown = "one\ntwo:\n\n```ts\nsix {\n  seven\n\n}\n```\n\nthree\nfour";
  assert.deepEqual(wrapProse(markdown, 80), ["one two:", "", "  six {", "    seven", "", "  }", "", "three four"]);
});
