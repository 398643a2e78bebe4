import assert from "node:assert/strict";
import { test } from "node:test";
import { isTypo } from "./typo.js";

test("one letter left out, added, replaced or swapped makes a typo", () => {
  for (const typed of ["chek", "heck", "chec", "checck", "checks", "xcheck", "chack", "chekc", "hceck", "check"]) {
    assert.ok(isTypo(typed, "check"), typed);
  }
});

test("more than that makes another word", () => {
  for (const typed of ["", "ck", "chk", "hcekc", "kcehc", "skip", "checker"]) assert.ok(!isTypo(typed, "check"), typed);
});
