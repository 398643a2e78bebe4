import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { RouteNoteSchema } from "./gen/routeguide/route_guide_pb.js";
import { NoteView } from "./note-view.js";

const int32 = fc.integer();
const text = fc.string({ unit: "binary" });
const notes = fc.record(
  { location: fc.record({ latitude: int32, longitude: int32 }), message: text },
  { requiredKeys: ["message"] },
);

test("A note that protobuf-es encoded is read: whether it has a location, where, and its text in place", () => {
  fc.assert(
    fc.property(notes, fc.nat(5), ({ location, message }, offset) => {
      const note = create(RouteNoteSchema, { message, ...(location && { location }) });
      const view = decode(toBinary(RouteNoteSchema, note), offset);
      assert.equal(view?.hasLocation, location !== undefined);
      assert.equal(view.message, message);
      assert.deepEqual([view.latitude, view.longitude], [location?.latitude ?? 0, location?.longitude ?? 0]);
    }),
  );
});

test("A location that comes in parts is merged and a text that comes twice is the last, as protobuf-es does", () => {
  fc.assert(
    fc.property(fc.array(notes, { maxLength: 4 }), (parts) => {
      const bytes = Buffer.concat(parts.map((part) => toBinary(RouteNoteSchema, create(RouteNoteSchema, part))));
      const { location, message } = fromBinary(RouteNoteSchema, bytes);
      const view = decode(bytes, 0);
      assert.deepEqual(
        [view?.latitude, view?.longitude, view?.message],
        [location?.latitude ?? 0, location?.longitude ?? 0, message],
      );
    }),
  );
});

test("A note cut anywhere is malformed, unless it is cut between two fields", () => {
  const bytes = toBinary(
    RouteNoteSchema,
    create(RouteNoteSchema, { location: { latitude: 1, longitude: -1 }, message: "Ice" }),
  );
  const whole = [0, 2 + 2 + 11, bytes.length];
  for (let length = 0; length <= bytes.length; length++) {
    assert.equal(decode(bytes.subarray(0, length), 0) !== undefined, whole.includes(length), String(length));
  }
});

test("A location that claims more bytes than the note has, and one whose own field runs over its end, are malformed", () => {
  assert.equal(decode(Uint8Array.of(0x0a, 0x7f, 0x08, 0x01), 0), undefined);
  assert.equal(decode(Uint8Array.of(0x0a, 0x02, 0x08, 0x80, 0x01), 0), undefined);
});

test("A text that is not UTF-8 is malformed", () => {
  assert.equal(decode(Uint8Array.of(0x12, 0x02, 0xc3, 0x28), 0), undefined);
});

test("A note without a location, or with one that is not on Earth, is refused by the field's name", () => {
  const check = (location?: { latitude: number; longitude: number }) =>
    decode(toBinary(RouteNoteSchema, create(RouteNoteSchema, location ? { location } : {})), 0)?.invalid;
  assert.equal(check({ latitude: 0, longitude: 0 }), undefined);
  assert.deepEqual(check()?.message, "location is absent, expected the point at which to leave the note");
  assert.equal(check({ latitude: 900_000_001, longitude: 0 })?.field, "location.latitude");
  assert.equal(check({ latitude: 0, longitude: -1_800_000_001 })?.field, "location.longitude");
});

/** Decodes a note that stands somewhere in the middle of other bytes, into a view that held another note. */
function decode(message: Uint8Array, offset: number) {
  const bytes = Buffer.concat([Buffer.alloc(offset, 0xff), message, Buffer.alloc(5, 0x01)]);
  const view = new NoteView();
  view.decode(Uint8Array.of(0x0a, 0x04, 0x08, 0x05, 0x10, 0x06, 0x12, 0x01, 0x41), 0, 9);
  if (!view.decode(bytes, offset, offset + message.length)) return undefined;
  const { hasLocation, latitude, longitude, messageStart, messageEnd } = view;
  return {
    hasLocation,
    latitude,
    longitude,
    message: bytes.toString("utf8", messageStart, messageEnd),
    invalid: view.check(),
  };
}
