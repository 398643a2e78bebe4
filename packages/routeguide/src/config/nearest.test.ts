import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "./nearest.js";

test("a word with a letter wrong, missing, added or swapped is recognized", () => {
  for (const word of ["lisk", "lst", "liist", "lsit", "LIST"]) {
    assert.equal(nearest(word, ["get", "list", "record", "chat"]), "list", word);
  }
});

test("the nearest of several wins", () => {
  assert.equal(nearest("notesPerPiont", ["notes", "maxNotes", "notesPerPoint"]), "notesPerPoint");
});

test("a word unlike any other suggests nothing", () => {
  assert.equal(nearest("zebra", ["get", "list", "record", "chat"]), undefined);
});
