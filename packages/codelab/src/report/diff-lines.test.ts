import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { diffLines } from "./diff-lines.js";

test("equal texts have no difference", () => {
  assert.deepEqual(diffLines("a\nb", "a\nb"), []);
});

test("what is taken away and added stands between the lines around it", () => {
  assert.deepEqual(diffLines("1\n2\n3\n4\nold\n6", "1\n2\n3\n4\nnew\n6"), [
    "@@ line 3",
    " 3",
    " 4",
    "-old",
    "+new",
    " 6",
  ]);
});

test("every line that differs is told, and no other", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (from, to) => {
      const diff = diffLines(from.join("\n"), to.join("\n"));
      const added = diff.filter((line) => line.startsWith("+")).length;
      const removed = diff.filter((line) => line.startsWith("-")).length;
      const [a, b] = [from.join("\n").split("\n"), to.join("\n").split("\n")];
      assert.equal(a.length - removed, b.length - added);
    }),
  );
});
