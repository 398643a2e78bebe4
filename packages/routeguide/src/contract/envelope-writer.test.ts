import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { envelopeEnd, envelopeSize, noteEnvelope, writeFeature } from "./envelope-writer.js";
import { FeatureSchema, RouteNoteSchema } from "./gen/routeguide/route_guide_pb.js";

const int32 = fc.oneof(fc.integer(), fc.constantFrom(0, 127, 128, -1, 2 ** 31 - 1, -(2 ** 31)));
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("x".repeat(127), "x".repeat(128), "x".repeat(16_384)),
);

test("A feature's envelope is what protobuf-es encodes, behind gRPC's prefix", () => {
  fc.assert(
    fc.property(int32, int32, text, (latitude, longitude, name) => {
      const expected = enveloped(
        toBinary(FeatureSchema, create(FeatureSchema, { name, location: { latitude, longitude } })),
      );
      const utf8 = Buffer.from(`<${name}>`);
      const target = new Uint8Array(expected.length + 3);
      const end = writeFeature(target, 3, latitude, longitude, utf8, 1, utf8.length - 1);
      assert.equal(end, target.length);
      assert.equal(envelopeSize(latitude, longitude, utf8.length - 2), expected.length);
      assert.equal(envelopeEnd(target, 3), target.length);
      assert.deepEqual(target.subarray(3), expected);
    }),
  );
});

test("A note's envelope is what protobuf-es encodes, behind gRPC's prefix", () => {
  fc.assert(
    fc.property(int32, int32, text, (latitude, longitude, message) => {
      const utf8 = Buffer.from(`<${message}>`);
      assert.deepEqual(
        noteEnvelope(latitude, longitude, utf8, 1, utf8.length - 1),
        enveloped(toBinary(RouteNoteSchema, create(RouteNoteSchema, { message, location: { latitude, longitude } }))),
      );
    }),
  );
});

function enveloped(message: Uint8Array): Uint8Array {
  const envelope = new Uint8Array(5 + message.length);
  new DataView(envelope.buffer).setUint32(1, message.length);
  envelope.set(message, 5);
  return envelope;
}
