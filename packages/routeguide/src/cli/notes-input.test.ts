import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { Point } from "../geo/point.js";
import { Failure } from "./failure.js";
import { type Note, readNotes } from "./notes-input.js";

const PLACE = { latitude: 10_000_000, longitude: 20_000_000 };

async function read(text: string | Uint8Array, place?: Point): Promise<Note[]> {
  const notes: Note[] = [];
  for await (const note of readNotes(Readable.from([Buffer.from(text)]), place)) notes.push(note);
  return notes;
}

const refused = (text: string | Uint8Array, message: string, place?: Point) =>
  assert.rejects(read(text, place), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.message, message);
    return true;
  });

test("notes are read with their places, in degrees or E7", async () => {
  const text =
    '{"latitude":1,"longitude":2,"message":"a"}\n\n{"location":{"latitude":10000000,"longitude":20000000},"message":""}';
  assert.deepEqual(await read(text), [
    { location: PLACE, message: "a" },
    { location: PLACE, message: "" },
  ]);
});

test("what chat writes is what it reads", async () => {
  assert.deepEqual(await read('{"latitude":1e-7,"longitude":-0.5,"message":"a"}'), [
    { location: { latitude: 1, longitude: -5_000_000 }, message: "a" },
  ]);
});

test("notes without a place are left where the command says", async () => {
  assert.deepEqual(await read('{"message":"a"}', PLACE), [{ location: PLACE, message: "a" }]);
});

test("a text that is not UTF-8 is refused, also where it ends within a letter", async () => {
  const note = Buffer.from('{"latitude":1,"longitude":2,"message":"caf\u00e9"}');
  assert.deepEqual(await read(note), [{ location: PLACE, message: "caf\u00e9" }]);
  const letter = note.indexOf(0xc3);
  await refused(Buffer.concat([note.subarray(0, letter), note.subarray(letter + 1)]), "stdin: the text is not UTF-8");
  await refused(note.subarray(0, letter + 1), "stdin: the text is not UTF-8");
});

test("the line of what is no note is named", async () => {
  await refused('{"message":"a"}', 'stdin: line 1: no latitude and longitude in {"message":"a"}');
  await refused(
    '{"message":"a"}\n{"latitude":1,"message":"a"}',
    'stdin: line 2: no latitude and longitude in {"latitude":1,"message":"a"}',
    PLACE,
  );
  await refused(
    '{"latitude":1,"longitude":2}',
    'stdin: line 1: no text called message in {"latitude":1,"longitude":2}',
  );
  await refused("hello", "stdin: line 1: not JSON: hello");
});
