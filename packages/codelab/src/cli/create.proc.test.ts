import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../project/tree.js";

const COMMAND = join(packageRoot, "bin/create-routeguide.js");
const folder = mkdtempSync(join(tmpdir(), "routeguide-create-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs create-routeguide without installing anything. */
function create(...args: readonly string[]) {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args, "--no-install"], options);
  assert.equal(stderr, "");
  return { status, stdout };
}

test("a folder's name may have spaces and any letters, and is shown as a shell takes it", () => {
  const { status, stdout } = create("Führer 東京");
  assert.equal(status, 0);
  assert.match(stdout, /^RouteGuide is in "Führer 東京"\.$/m);
  assert.match(stdout, /cd "Führer 東京"$/m);
});

test("whoever creates the same project again is told how to go on in it", () => {
  assert.equal(create("twice").status, 0);
  const { status, stdout } = create("twice");
  assert.equal(status, 2);
  assert.match(stdout, /^twice is a project of the codelab already\. Go on in that folder/);
});

test("what lies in a folder is left alone", () => {
  const { status, stdout } = create(".");
  assert.equal(status, 2);
  assert.equal(stdout, "There is something in .: name another folder.\n");
});

test("a folder that cannot be made is told with the system's reason", () => {
  writeFileSync(join(folder, "file"), "");
  const { status, stdout } = create("file/below");
  assert.equal(status, 2);
  assert.match(stdout, /^The lab cannot use a file or folder here\. ENOTDIR: not a directory/);
});

test("a wrong option is named beside the usage", () => {
  const { status, stdout } = create("--instal");
  assert.equal(status, 2);
  assert.match(stdout, /--instal\nUsage: npm create routeguide@latest/);
});
