import assert from "node:assert/strict";
import { open, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { batchOf, messages, notesOf } from "../../test/note-fixtures.js";
import { noteStoreSuite } from "../../test/note-store-suite.js";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { NoteStoreError } from "../notes/note-store.js";
import { LevelNoteStore } from "./level-note-store.js";

noteStoreSuite("Notes in a folder", async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, "made", "on", "opening");
  return { open: () => LevelNoteStore.open(path), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
});

test("A folder that is in use is refused by its name, and whoever uses it is not disturbed", async () => {
  await using folder = await temporaryFolder();
  await using store = await LevelNoteStore.open(folder.path);
  await assert.rejects(LevelNoteStore.open(folder.path), (error) => {
    assert.ok(error instanceof NoteStoreError);
    assert.equal(error.fault, "locked");
    assert.equal(error.message, `the notes in ${folder.path} cannot be opened: another routeguide uses this folder`);
    return true;
  });
  await store.append(batchOf([[1, 2, "still here"]]));
});

test("A place that cannot be a folder is refused with the reason", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "file");
  await writeFile(path, "");
  await assert.rejects(LevelNoteStore.open(path), (error) => {
    assert.ok(error instanceof NoteStoreError);
    assert.equal(error.fault, "failed");
    assert.match(error.message, /is a file, expected a folder/);
    return true;
  });
});

test("A folder whose file CURRENT is lost is refused, and the notes in it are left alone", async () => {
  await using folder = await temporaryFolder();
  {
    await using store = await LevelNoteStore.open(folder.path);
    await store.append(batchOf([[1, 2, "not to be lost"]]));
  }
  await rm(join(folder.path, "CURRENT"));
  const before = await readdir(folder.path);
  await assert.rejects(LevelNoteStore.open(folder.path), (error) => {
    assert.ok(error instanceof NoteStoreError);
    assert.equal(error.fault, "failed");
    assert.match(error.message, /cannot be opened: its file CURRENT is missing/);
    return true;
  });
  assert.deepEqual(await readdir(folder.path), before);
});

test("Notes that were damaged on the disk are left out, and how much of them", async () => {
  await using folder = await temporaryFolder();
  {
    await using store = await LevelNoteStore.open(folder.path);
    assert.equal(store.damagedBytes, 0);
    for (const message of ["first", "second", "third"]) await store.append(batchOf([[1, 2, message]]));
  }
  const [log = ""] = (await readdir(folder.path)).filter((name) => name.endsWith(".log"));
  {
    await using file = await open(join(folder.path, log), "r+");
    // Within the text of the third note.
    await file.write("?", (await file.stat()).size - 2);
  }
  await using store = await LevelNoteStore.open(folder.path);
  assert.ok(store.damagedBytes > 0);
  const loaded: string[] = [];
  await store.load((notes) => void loaded.push(...messages(notesOf(notes))));
  assert.deepEqual(loaded, ["first", "second"]);
});

test("A folder in which the making of a database was cut off is a new one", async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "MANIFEST-000001"), "");
  await using store = await LevelNoteStore.open(folder.path);
  await store.append(batchOf([[1, 2, "first"]]));
});
