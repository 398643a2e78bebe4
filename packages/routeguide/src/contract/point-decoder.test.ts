import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { PointSchema } from "./gen/routeguide/route_guide_pb.js";
import { decodePoints } from "./point-decoder.js";

type Decoded = readonly [latitude: number, longitude: number] | "malformed";
const int32 = fc.integer();

test("Points that protobuf-es encoded are decoded, all of a batch in one call", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ latitude: int32, longitude: int32 })), (points) => {
      const encoded = points.map((point) => toBinary(PointSchema, create(PointSchema, point)));
      assert.deepEqual(
        decodeAll(encoded),
        points.map(({ latitude, longitude }) => [latitude, longitude]),
      );
    }),
  );
});

test("Fields in any order, fields that come twice and fields unknown are read as protobuf-es reads them", () => {
  const field = fc.oneof(
    fc.record({ no: fc.integer({ min: 1, max: 2 }), value: int32 }).map(
      ({ no, value }) =>
        (w: BinaryWriter) =>
          w.tag(no, WireType.Varint).int32(value),
    ),
    fc
      .bigInt({ min: 0n, max: 2n ** 64n - 1n })
      .map((value) => (w: BinaryWriter) => w.tag(1, WireType.Varint).uint64(value)),
    fc.integer({ min: 1, max: 2 ** 29 - 1 }).map((no) => (w: BinaryWriter) => w.tag(no, WireType.Bit32).fixed32(7)),
    fc.uint8Array().map((bytes) => (w: BinaryWriter) => w.tag(1, WireType.LengthDelimited).bytes(bytes)),
    fc
      .integer({ min: 3, max: 99 })
      .map(
        (no) => (w: BinaryWriter) =>
          w.tag(no, WireType.StartGroup).tag(1, WireType.Varint).int32(-1).tag(no, WireType.EndGroup),
      ),
    fc.constant((w: BinaryWriter) => w.tag(9, WireType.Bit64).double(0.5)),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 6 }), fc.nat(30), (fields, cut) => {
      const writer = new BinaryWriter();
      for (const write of fields) write(writer);
      const whole = writer.finish();
      assert.notEqual(decode(whole), "malformed");
      for (const bytes of [whole, whole.subarray(0, Math.max(0, whole.length - cut))]) {
        assert.deepEqual(decode(bytes), decodeWithLibrary(bytes));
      }
    }),
    { numRuns: 1000 },
  );
});

test("Any bytes at all are decoded or refused as protobuf-es's reader does", () => {
  const likely = fc.constantFrom(0x08, 0x10, 0x00, 0x7f, 0x80, 0xff, 0x0a, 0x0b, 0x0c, 0x1b, 0x1c, 0x05, 0x1d, 0x19);
  const byte = fc.oneof(likely, fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), (bytes) => {
      assert.deepEqual(decode(Uint8Array.from(bytes)), decodeWithLibrary(Uint8Array.from(bytes)));
    }),
    { numRuns: 5000 },
  );
});

test("A malformed point ends the batch there, and bytes of the next message are never read for it", () => {
  const good = toBinary(PointSchema, create(PointSchema, { latitude: 1, longitude: 2 }));
  const cut = Uint8Array.of(0x08, 0x80);
  assert.deepEqual(decodeAll([good, cut, good]), [[1, 2]]);
  assert.deepEqual(decodeAll([Uint8Array.of(0x08), good]), []);
});

test("A negative coordinate sent in five bytes, as careless encoders do, is the same number", () => {
  assert.deepEqual(decode(Uint8Array.of(0x08, 0xff, 0xff, 0xff, 0xff, 0x0f)), [-1, 0]);
});

test("Groups nested deeper than a hundred are refused", () => {
  const nested = (depth: number) =>
    Uint8Array.from([...Array.from({ length: depth }, () => 0x1b), ...Array.from({ length: depth }, () => 0x1c)]);
  assert.deepEqual(decode(nested(100)), [0, 0]);
  assert.equal(decode(nested(101)), "malformed");
});

test("A part of a batch is decoded from where it starts", () => {
  const encoded = [1, 2, 3].map((latitude) => toBinary(PointSchema, create(PointSchema, { latitude })));
  const { bytes, starts, ends } = batchOf(encoded);
  const latitudes = new Int32Array(2);
  assert.equal(decodePoints(bytes, starts, ends, 1, 2, latitudes, new Int32Array(2)), 2);
  assert.deepEqual([...latitudes], [2, 3]);
});

function decode(message: Uint8Array): Decoded {
  return decodeAll([message])[0] ?? "malformed";
}

function decodeAll(messages: readonly Uint8Array[]): (readonly [number, number])[] {
  const { bytes, starts, ends } = batchOf(messages);
  const latitudes = new Int32Array(messages.length);
  const longitudes = new Int32Array(messages.length);
  const decoded = decodePoints(bytes, starts, ends, 0, messages.length, latitudes, longitudes);
  return Array.from({ length: decoded }, (_, i) => [latitudes[i] ?? 0, longitudes[i] ?? 0]);
}

/** As the splitter gives them: messages one behind the other, with prefixes between. */
function batchOf(messages: readonly Uint8Array[]): { bytes: Uint8Array; starts: Int32Array; ends: Int32Array } {
  const bytes = Buffer.concat(messages.flatMap((message) => [new Uint8Array(5), message]));
  const starts = new Int32Array(messages.length);
  const ends = new Int32Array(messages.length);
  let at = 0;
  for (const [i, message] of messages.entries()) {
    starts[i] = at + 5;
    ends[i] = at = at + 5 + message.length;
  }
  return { bytes, starts, ends };
}

/**
 * The message read field by field with protobuf-es's own reader. fromBinary() would not do: it takes a known field of another wire
 * type for the field, where protobuf has it skipped as unknown.
 */
function decodeWithLibrary(bytes: Uint8Array): Decoded {
  const reader = new BinaryReader(bytes);
  const values = [0, 0, 0];
  try {
    while (reader.pos < reader.len) {
      const [no, wireType] = reader.tag();
      if (wireType === WireType.Varint) {
        const value = reader.int32();
        if (no <= 2) values[no] = value;
      } else {
        reader.skip(wireType, no);
      }
    }
  } catch {
    return "malformed";
  }
  return [values[1] ?? 0, values[2] ?? 0];
}
