import assert from "node:assert/strict";
import { test } from "node:test";
import { outdated } from "./derive.js";

test("start_here/ and the code in the texts are what completed/ gives", () => {
  assert.deepEqual(outdated(), [], "run node scripts/codelab-texts.js");
});
