import assert from "node:assert/strict";
import { test } from "node:test";
import { interleave } from "./interleave.js";

test("Lists are spread evenly over one, each in its own order", () => {
  assert.deepEqual(
    interleave([
      ["a", "b", "c", "d"],
      ["1", "2"],
    ]),
    ["a", "1", "b", "c", "2", "d"],
  );
  assert.deepEqual(interleave([["a"], ["1", "2", "3"]]), ["1", "a", "2", "3"]);
  assert.deepEqual(interleave([["a", "b"], []]), ["a", "b"]);
  assert.deepEqual(interleave([]), []);
});
