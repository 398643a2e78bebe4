// Compiled codecs against protobuf-es, on random messages, every truncation and random damage.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import * as editions from "../../test/gen/kinds/kinds_editions_pb.js";
import * as kinds from "../../test/gen/kinds/kinds_pb.js";
import * as proto2 from "../../test/gen/kinds/kinds_proto2_pb.js";
import { deviation } from "../../test/message/deviation.js";
import { mutate, Random, randomInit, randomMessage } from "../../test/message/random.js";
import { compiledCodec } from "./binary-codec.js";
import { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { DecodeError } from "./codec-error.js";

const COMPILED: readonly DescMessage[] = [
  kinds.PlaceSchema,
  kinds.ScalarsSchema,
  kinds.OptionalsSchema,
  kinds.ListsSchema,
  kinds.MapsSchema,
  kinds.ChoicesSchema,
  kinds.TreeSchema,
  kinds.WellKnownSchema,
  kinds.OddNamesSchema,
  kinds.NothingSchema,
  proto2.LegacySchema,
  proto2.StrictSchema,
  editions.AllImplicitSchema,
  FileDescriptorProtoSchema,
];
/** They hold fields that protobuf-es keeps as JSON, and leave them to it. */
const WITH_FALLBACK: readonly DescMessage[] = [kinds.DocumentsSchema, kinds.LibrarySchema, editions.MixedSchema];
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);

for (const desc of [...COMPILED, ...WITH_FALLBACK]) {
  test(`${desc.typeName} is written in the bytes of protobuf-es, from messages and from init shapes`, () => {
    const codec = compiledCodec(desc);
    for (const seed of SEEDS) {
      const message = randomMessage(desc, new Random(seed));
      assert.deepEqual(encoded(codec, message), toBinary(desc, message), `seed ${seed}`);
      const init = randomInit(desc, new Random(seed));
      assert.deepEqual(encoded(codec, init), toBinary(desc, create(desc, init)), `init shape, seed ${seed}`);
    }
  });

  test(`${desc.typeName} is read as protobuf-es reads it, also from the middle of a slab`, () => {
    const codec = compiledCodec(desc);
    for (const seed of SEEDS) {
      const bytes = toBinary(desc, randomMessage(desc, new Random(seed)));
      const slab = new Uint8Array(bytes.length + 40).fill(255);
      slab.set(bytes, 20);
      const message = codec.decode(slab, 20, 20 + bytes.length);
      assert.deepEqual(message, fromBinary(desc, bytes), `seed ${seed}`);
      assert.deepEqual(encoded(codec, message), toBinary(desc, fromBinary(desc, bytes)), `again, seed ${seed}`);
    }
  });
}

for (const desc of COMPILED) {
  test(`${desc.typeName}: of damaged bytes both codecs accept the same, with equal results`, () => {
    const codec = compiledCodec(desc);
    for (const seed of SEEDS) {
      const random = new Random(seed);
      const bytes = toBinary(desc, create(desc, randomInit(desc, random, 2)));
      for (let end = 0; end < Math.min(bytes.length, 100); end++) compare(desc, codec, bytes.subarray(0, end), seed);
      for (let i = 0; i < 40; i++) compare(desc, codec, mutate(bytes, random), seed);
    }
  });
}

test("bytes without any meaning are refused with one error class or accepted as protobuf-es does", () => {
  for (const desc of COMPILED) {
    const codec = compiledCodec(desc);
    const random = new Random(7);
    for (let i = 0; i < 200; i++) {
      compare(
        desc,
        codec,
        Uint8Array.from({ length: random.below(30) }, () => random.below(256)),
        i,
      );
    }
  }
});

function compare(desc: DescMessage, codec: MessageCodec, bytes: Uint8Array, seed: number): void {
  const ours = outcome(() => codec.decode(bytes, 0, bytes.length));
  if (ours.error !== undefined) assert.ok(ours.error instanceof DecodeError, String(ours.error));
  const where = `seed ${seed}: ${Buffer.from(bytes).toString("hex")}`;
  const lax = deviation(desc, bytes);
  if (lax === "overrun" || lax === "long varint") {
    assert.ok(ours.error instanceof DecodeError, `accepted: ${lax}, ${where}`);
  } else if (lax === undefined) {
    const theirs = outcome(() => fromBinary(desc, bytes));
    assert.equal(ours.error === undefined, theirs.error === undefined, `${where}: ${ours.error} / ${theirs.error}`);
    assert.deepEqual(ours.message, theirs.message, where);
  }
}

function outcome(decode: () => unknown): { message?: unknown; error?: unknown } {
  try {
    return { message: decode() };
  } catch (error) {
    return { error };
  }
}

function encoded(codec: MessageCodec, message: unknown): Uint8Array {
  const out = new ByteWriter(64);
  out.begin();
  codec.encode(message, out);
  return out.bytes.slice(out.mark, out.at);
}
