import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { makeFolder } from "./node-folder.js";

test("a folder is made with those above it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a", "b", "c");
  assert.equal(makeFolder(path), undefined);
  assert.ok(existsSync(path));
  assert.equal(makeFolder(path), undefined);
});

test("a file in the way is named", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "notes");
  writeFileSync(file, "");
  for (const path of [file, join(file, "below"), join(file, "below", "that")]) {
    assert.equal(makeFolder(path), `${file} is a file, expected a folder`);
  }
});

test("a path that nothing can be made at ends with the reason", {
  skip: !existsSync("/proc/self") && "no /proc",
}, () => {
  assert.match(
    makeFolder("/proc/nowhere/notes") ?? "",
    /^cannot make \/proc\/nowhere: (no such file or directory|permission denied|operation not permitted)$/,
  );
});
