import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Violation } from "../../src/h2/violation.js";

test("each name under which something is counted has its attack in this folder", () => {
  const folder = new URL("../../../test/hostile/", import.meta.url);
  const attacks = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
  const untried = Object.values(Violation).filter(({ name }) => !attacks.some((text) => text.includes(`"${name}"`)));
  assert.deepEqual(untried, []);
});
