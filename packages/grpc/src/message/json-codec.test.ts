import assert from "node:assert/strict";
import { test } from "node:test";
import { create, createRegistry } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import * as kinds from "../../test/gen/kinds/kinds_pb.js";
import { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { DecodeError, EncodeError } from "./codec-error.js";
import { jsonCodec } from "./json-codec.js";

function encode(codec: MessageCodec, message: unknown): string {
  const out = new ByteWriter(8);
  out.begin();
  codec.encode(message, out);
  return new TextDecoder().decode(out.bytes.subarray(out.mark, out.at));
}

function decode(codec: MessageCodec, json: string): unknown {
  const bytes = new TextEncoder().encode(`?${json}?`);
  return codec.decode(bytes, 1, bytes.length - 1);
}

test("messages and init shapes become protobuf's JSON, and messages again", () => {
  const codec = jsonCodec(kinds.PlaceSchema);
  const init = { name: "São Paulo", location: { latitude: -235475000 } };
  assert.equal(codec.name, "json");
  assert.equal(encode(codec, init), '{"name":"São Paulo","location":{"latitude":-235475000}}');
  assert.equal(encode(codec, create(kinds.PlaceSchema, init)), encode(codec, init));
  assert.deepEqual(decode(codec, encode(codec, init)), create(kinds.PlaceSchema, init));
});

test("unknown fields are ignored unless the options say otherwise", () => {
  const json = '{"name":"x","altitude":5}';
  assert.deepEqual(decode(jsonCodec(kinds.PlaceSchema), json), create(kinds.PlaceSchema, { name: "x" }));
  assert.throws(() => decode(jsonCodec(kinds.PlaceSchema, { ignoreUnknownFields: false }), json), DecodeError);
});

test("with a registry the JSON of google.protobuf.Any names its type", () => {
  const codec = jsonCodec(kinds.WellKnownSchema, { registry: createRegistry(kinds.PositionSchema) });
  const any = anyPack(kinds.PositionSchema, create(kinds.PositionSchema, { latitude: 1 }));
  const json = encode(codec, { any });
  assert.equal(json, '{"any":{"latitude":1,"@type":"type.googleapis.com/kinds.Position"}}');
  assert.deepEqual(decode(codec, json), create(kinds.WellKnownSchema, { any }));
});

test("what is not JSON, not UTF-8 or not the message is refused", () => {
  const codec = jsonCodec(kinds.PlaceSchema);
  for (const json of ["", "{", "[]", '{"name":5}', '{"location":{"latitude":1.5}}']) {
    assert.throws(() => decode(codec, json), DecodeError, json);
  }
  assert.throws(() => codec.decode(Uint8Array.of(0x22, 0xff, 0x22), 0, 3), DecodeError);
});

test("a wrong value is refused with the name of the message", () => {
  const codec = jsonCodec(kinds.PlaceSchema);
  assert.throws(() => encode(codec, { name: 5 }), { name: "EncodeError", message: /kinds\.Place.*name/ });
  assert.throws(() => encode(codec, undefined), EncodeError);
});

test("JSON that is nested deeper than any message is refused before it is parsed, unknown fields too", () => {
  const codec = jsonCodec(kinds.PlaceSchema);
  const nested = (depth: number) => `{"unknown":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  assert.deepEqual(decode(codec, nested(99)), create(kinds.PlaceSchema));
  assert.throws(() => decode(codec, nested(100)), new DecodeError("more than 100 JSON values in each other"));
});
