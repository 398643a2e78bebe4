import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../../../", import.meta.url);

test("every file that docs/one-call.md names is there", () => {
  const text = readFileSync(new URL("docs/one-call.md", root), "utf8");
  const named = [...text.matchAll(/`(packages\/[^`]+)`/g)].map(([, path]) => path ?? "");
  assert.ok(named.length > 20, `only ${named.length} files are named`);
  assert.deepEqual(
    named.filter((path) => !existsSync(new URL(path, root))),
    [],
  );
});
