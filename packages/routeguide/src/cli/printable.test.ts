import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "./printable.js";

test("a stranger's text cannot move the cursor, colour, ring or turn around what follows", () => {
  assert.equal(printable("\u001b[2Jgone\u0007\r\n"), "\\u001b[2Jgone\\u0007\\u000d\\u000a");
  assert.equal(printable("\u009b31m"), "\\u009b31m");
  assert.equal(printable("abc\u202edef"), "abc\\u202edef");
});

test("all other text stays as it is", () => {
  for (const text of ["São Paulo, BR", "東京", "العربية", "🙂", "a\u00a0b"]) assert.equal(printable(text), text);
});
