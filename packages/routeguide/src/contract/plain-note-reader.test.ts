import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { RouteNoteSchema } from "./gen/routeguide/route_guide_pb.js";
import { hasPrefix, PlainNoteReader } from "./plain-note-reader.js";

const coordinate = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 127, 128, 0x7fffffff, -0x80000000, 1 << 28));
const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ minLength: 126, maxLength: 130 }));

test("A note that protobuf-es encoded is plain, and is read", () => {
  fc.assert(
    fc.property(coordinate, coordinate, text, fc.nat(5), (latitude, longitude, message, offset) => {
      const note = toBinary(RouteNoteSchema, create(RouteNoteSchema, { location: { latitude, longitude }, message }));
      const bytes = Buffer.concat([Buffer.alloc(offset, 0xff), note, Buffer.alloc(3, 0x01)]);
      const reader = new PlainNoteReader();
      assert.equal(reader.read(bytes, offset, offset + note.length), true);
      assert.deepEqual(
        [reader.latitude, reader.longitude, reader.messageBytes],
        [latitude, longitude, Buffer.byteLength(message)],
      );
    }),
  );
});

test("Whatever is taken for plain is byte for byte what protobuf-es encodes, however a plain note was changed", () => {
  const reader = new PlainNoteReader();
  let taken = 0;
  fc.assert(
    fc.property(
      coordinate,
      coordinate,
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.nat(),
      fc.nat(255),
      fc.nat(2),
      (latitude, longitude, message, where, byte, removed) => {
        const note = toBinary(RouteNoteSchema, create(RouteNoteSchema, { location: { latitude, longitude }, message }));
        const at = where % note.length;
        const changed = Buffer.concat([note.subarray(0, at), Uint8Array.of(byte), note.subarray(at + removed)]);
        if (!reader.read(changed, 0, changed.length)) return;
        taken++;
        assert.deepEqual(toBinary(RouteNoteSchema, fromBinary(RouteNoteSchema, changed)), new Uint8Array(changed));
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(taken > 0);
});

test("Every beginning of a note is read without looking behind its end", () => {
  const location = { latitude: -5, longitude: 1_800_000_000 };
  const note = toBinary(RouteNoteSchema, create(RouteNoteSchema, { location, message: "Ice" }));
  const reader = new PlainNoteReader();
  // Cut between its two fields it is a note without a message.
  for (let length = 0; length < note.length; length++) {
    assert.equal(reader.read(note, 0, length), length === 19, String(length));
  }
});

test("A text that is not UTF-8, a field that nobody knows, a zero that is written out, and fields in another order are not plain", () => {
  const reader = new PlainNoteReader();
  const isPlain = (...bytes: number[]) => reader.read(Uint8Array.from(bytes), 0, bytes.length);
  assert.equal(isPlain(0x0a, 0x02, 0x08, 0x05, 0x12, 0x01, 0x41), true);
  assert.equal(isPlain(0x0a, 0x02, 0x08, 0x05, 0x12, 0x01, 0xc3), false);
  assert.equal(isPlain(0x0a, 0x02, 0x08, 0x05, 0x18, 0x01), false);
  assert.equal(isPlain(0x0a, 0x02, 0x08, 0x00), false);
  assert.equal(isPlain(0x0a, 0x02, 0x08, 0x05, 0x12, 0x00), false);
  assert.equal(isPlain(0x12, 0x01, 0x41, 0x0a, 0x02, 0x08, 0x05), false);
});

test("A prefix is seen where it stands, and nothing else is taken for one", () => {
  const bytes = Uint8Array.of(9, 0, 0, 0, 1, 2, ...new Uint8Array(0x102));
  assert.equal(hasPrefix(bytes, 6, 6 + 0x102), true);
  assert.equal(hasPrefix(bytes, 6, 6 + 0x101), false);
  assert.equal(hasPrefix(bytes, 4, 5), false);
  assert.equal(hasPrefix(Uint8Array.of(1, 0, 0, 0, 1, 0), 5, 6), false);
});
