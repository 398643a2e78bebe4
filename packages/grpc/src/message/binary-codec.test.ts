import assert from "node:assert/strict";
import { test } from "node:test";
import {
  create,
  type DescMessage,
  fromBinary,
  getExtension,
  isMessage,
  type MessageShape,
  setExtension,
  toBinary,
} from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { DescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import * as editions from "../../test/gen/kinds/kinds_editions_pb.js";
import * as kinds from "../../test/gen/kinds/kinds_pb.js";
import * as proto2 from "../../test/gen/kinds/kinds_proto2_pb.js";
import { binaryCodec, compiledCodec } from "./binary-codec.js";
import { ByteWriter } from "./byte-writer.js";
import { DecodeError, EncodeError } from "./codec-error.js";
import { libraryCodec } from "./library-codec.js";

function encode(desc: DescMessage, message: unknown, codec = binaryCodec(desc)): Uint8Array {
  const out = new ByteWriter(64);
  out.begin();
  codec.encode(message, out);
  return out.bytes.slice(out.mark, out.at);
}

function decode<D extends DescMessage>(desc: D, bytes: Uint8Array, codec = binaryCodec(desc)): MessageShape<D> {
  return codec.decode(bytes, 0, bytes.length) as MessageShape<D>;
}

function bytesOf(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

test("a codec is made once for each descriptor", () => {
  assert.equal(binaryCodec(kinds.PlaceSchema), binaryCodec(kinds.PlaceSchema));
  assert.equal(binaryCodec(kinds.PlaceSchema).name, "proto");
});

test("a decoded message is one of protobuf-es", () => {
  const place = decode(kinds.PlaceSchema, encode(kinds.PlaceSchema, { name: "Paterson", location: { latitude: -7 } }));
  assert.ok(isMessage(place, kinds.PlaceSchema));
  assert.ok(isMessage(place.location, kinds.PositionSchema));
  assert.deepEqual(place, create(kinds.PlaceSchema, { name: "Paterson", location: { latitude: -7 } }));
});

test("messages are written one after another into one slab", () => {
  const out = new ByteWriter();
  const codec = binaryCodec(kinds.PositionSchema);
  const ends = [0];
  for (let latitude = 1; latitude <= 3; latitude++) {
    out.begin();
    codec.encode({ latitude }, out);
    ends.push(out.at);
  }
  const latitudes = [0, 1, 2].map((i) => {
    const position = codec.decode(out.bytes, ends[i] ?? 0, ends[i + 1] ?? 0);
    return (position as kinds.Position).latitude;
  });
  assert.deepEqual(latitudes, [1, 2, 3]);
});

test("a message longer than the writer's slab is whole, with the lengths of all messages in it", () => {
  let tree: unknown = { name: "leaf".repeat(100) };
  for (let i = 0; i < 20; i++) tree = { name: `level ${i}`.repeat(i), left: tree, branches: [{ name: "x" }, tree] };
  const small = { left: { branches: [{ name: "y".repeat(200) }, { left: { name: "z".repeat(20_000) } }] } };
  for (const init of [small, { named: { a: small, b: small } }]) {
    const expected = toBinary(kinds.TreeSchema, create(kinds.TreeSchema, init));
    assert.deepEqual(encode(kinds.TreeSchema, init), expected);
  }
});

test("what is received and kept holds none of the bytes in which it came", () => {
  const bytes = encode(kinds.ChoicesSchema, { choice: { case: "payload", value: Uint8Array.of(1, 2, 3) } });
  const unknown = bytesOf((writer) => writer.tag(1000, WireType.LengthDelimited).bytes(Uint8Array.of(9)));
  const slab = Buffer.concat([bytes, unknown]);
  const message = decode(kinds.ChoicesSchema, slab);
  slab.fill(0);
  assert.deepEqual(message.choice, { case: "payload", value: Uint8Array.of(1, 2, 3) });
  assert.deepEqual(message.$unknown, [{ no: 1000, wireType: 2, data: Uint8Array.of(1, 9) }]);
});

test("a known field with another wire type is kept as unknown, and written again", () => {
  const data = [[1], Array(8).fill(1), [2, 1, 1], [32], [], Array(4).fill(1)];
  for (const field of kinds.ScalarsSchema.fields) {
    const right = field.fieldKind === "enum" ? WireType.Varint : wireTypeOfWritten(field.number);
    for (const wireType of [WireType.Varint, WireType.Bit64, WireType.LengthDelimited, WireType.Bit32]) {
      if (wireType === right) continue;
      const bytes = bytesOf((writer) => writer.tag(field.number, wireType).raw(Uint8Array.from(data[wireType] ?? [])));
      const message = decode(kinds.ScalarsSchema, bytes);
      assert.deepEqual(message, {
        ...create(kinds.ScalarsSchema),
        $unknown: [{ no: field.number, wireType, data: Uint8Array.from(data[wireType] ?? []) }],
      });
      assert.deepEqual(encode(kinds.ScalarsSchema, message), bytes);
    }
  }
});

/** The wire type that protobuf-es writes a field of Scalars with. */
function wireTypeOfWritten(number: number): number {
  const full = create(kinds.ScalarsSchema, {
    doubleField: 1,
    floatField: 1,
    int32Field: 1,
    int64Field: 1n,
    uint32Field: 1,
    uint64Field: 1n,
    sint32Field: 1,
    sint64Field: 1n,
    fixed32Field: 1,
    fixed64Field: 1n,
    sfixed32Field: 1,
    sfixed64Field: 1n,
    boolField: true,
    stringField: "x",
    bytesField: Uint8Array.of(1),
    stringInt64: "1",
    stringUint64: "1",
    last: "x",
  });
  // A message without fields keeps all of them as unknown.
  const fields = fromBinary(kinds.NothingSchema, toBinary(kinds.ScalarsSchema, full)).$unknown ?? [];
  return fields.find(({ no }) => no === number)?.wireType ?? -1;
}

test("a length beyond the message around it is refused", () => {
  const bytes = bytesOf((writer) => {
    writer.tag(2, WireType.LengthDelimited).uint32(1).raw(Uint8Array.of(8));
    writer.tag(1, WireType.LengthDelimited).string("next");
  });
  assert.throws(() => decode(kinds.PlaceSchema, bytes), DecodeError);
  assert.throws(() => decode(kinds.TreeSchema, Uint8Array.of(18, 3, 10, 9, 65, 65)), {
    name: "DecodeError",
    message: "cannot decode kinds.Tree: field 1 at byte 4: is longer than what is left of the message",
  });
});

test("a declared length costs no memory before it is checked", () => {
  for (const number of [14, 15]) {
    const bytes = bytesOf((writer) => writer.tag(number, WireType.LengthDelimited).uint32(0xffffffff));
    assert.throws(() => decode(kinds.ScalarsSchema, bytes), DecodeError);
  }
});

test("malformed input is refused with the field and the byte", () => {
  const cases: [Uint8Array, RegExp][] = [
    [Uint8Array.of(0x18), /field 3 at byte 1: ends within the field/],
    [Uint8Array.of(0x18, ...Array(10).fill(0x80), 1), /field 3 at byte \d+: varint is longer than 10 bytes/],
    [Uint8Array.of(0x20, ...Array(10).fill(0x80), 1), /field 4 at byte \d+: varint is longer than 10 bytes/],
    [Uint8Array.of(0xa0, 1, ...Array(10).fill(0x80), 1), /field 20 at byte \d+: varint is longer than 10 bytes/],
    [Uint8Array.of(0x00, 0x00), /there is no such field number/],
    [Uint8Array.of(0x1e), /field 3 at byte 1: wire type 6 is out of place/],
    [Uint8Array.of(0x1c), /field 3 at byte 1: wire type 4 is out of place/],
    [Uint8Array.of(0x1b, 0x24), /field 4 at byte 2: wire type 4 is out of place/],
    [Uint8Array.of(0x1b), /field 3 at byte 1: ends within the field/],
    [Uint8Array.of(0x72, 1, 0xff), /field 14 at byte 2: is not UTF-8/],
    [Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f), /tag is longer than 32 bits/],
    [Uint8Array.of(0x09, 1, 2, 3), /field 1 at byte \d+: ends within the field/],
  ];
  for (const [bytes, reason] of cases) {
    assert.throws(() => decode(kinds.ScalarsSchema, bytes), { name: "DecodeError", message: reason });
  }
});

test("a message does not end in the next one of the same slab", () => {
  const bytes = encode(kinds.PositionSchema, { latitude: -1, longitude: -2 });
  const slab = Buffer.concat([bytes, bytes]);
  const codec = binaryCodec(kinds.PositionSchema);
  for (let end = 1; end < bytes.length; end++) {
    if (end === bytes.length / 2) continue;
    assert.throws(() => codec.decode(slab, 0, end), DecodeError, `cut at ${end}`);
  }
});

for (const [what, codecOf] of [
  ["compiled", compiledCodec],
  ["protobuf-es's", libraryCodec],
] as const) {
  test(`messages in each other are read up to a depth of 100 and refused beyond (${what})`, () => {
    const nested = (depth: number) => {
      let bytes = new Uint8Array(0);
      for (let i = 1; i < depth; i++) {
        const inside = bytes;
        bytes = bytesOf((writer) => writer.tag(2, WireType.LengthDelimited).bytes(inside)) as Uint8Array<ArrayBuffer>;
      }
      return bytes;
    };
    const codec = codecOf(kinds.TreeSchema);
    assert.deepEqual(decode(kinds.TreeSchema, nested(100), codec), fromBinary(kinds.TreeSchema, nested(100)));
    assert.throws(() => decode(kinds.TreeSchema, nested(101), codec), DecodeError);
    const groups = (depth: number) => Uint8Array.of(...Array(depth).fill(0x53), ...Array(depth).fill(0x54));
    assert.deepEqual(decode(kinds.TreeSchema, groups(99), codec), fromBinary(kinds.TreeSchema, groups(99)));
    assert.throws(() => decode(kinds.TreeSchema, groups(100), codec), DecodeError);
  });

  test(`a wrong value is refused (${what})`, () => {
    const codec = codecOf(kinds.ScalarsSchema);
    for (const init of [{ int32Field: 2147483648 }, { uint32Field: -1 }, { floatField: 1e39 }, { int64Field: "1.5" }]) {
      assert.throws(() => encode(kinds.ScalarsSchema, init, codec), EncodeError);
    }
    assert.throws(() => encode(kinds.ScalarsSchema, undefined, codec), EncodeError);
    assert.throws(() => encode(kinds.PlaceSchema, "text", codecOf(kinds.PlaceSchema)), EncodeError);
  });
}

test("an encode error names the field and the value", () => {
  const cases: [DescMessage, object, string][] = [
    [kinds.ScalarsSchema, { int32Field: "5" }, 'kinds.Scalars.int32_field: expected an int32, got "5"'],
    [kinds.ScalarsSchema, { int32Field: 5n }, "kinds.Scalars.int32_field: expected an int32, got 5n"],
    [kinds.ScalarsSchema, { sint32Field: 0.5 }, "kinds.Scalars.sint32_field: expected an int32, got 0.5"],
    [kinds.ScalarsSchema, { fixed32Field: -1 }, "kinds.Scalars.fixed32_field: expected a uint32, got -1"],
    [kinds.ScalarsSchema, { uint64Field: -1n }, "kinds.Scalars.uint64_field: expected a uint64, got -1n"],
    [kinds.ScalarsSchema, { sint64Field: true }, "kinds.Scalars.sint64_field: expected an int64, got true"],
    [kinds.ScalarsSchema, { boolField: 1 }, "kinds.Scalars.bool_field: expected a boolean, got 1"],
    [kinds.ScalarsSchema, { stringField: 5 }, "kinds.Scalars.string_field: expected a string, got 5"],
    [kinds.ScalarsSchema, { bytesField: "AA==" }, 'kinds.Scalars.bytes_field: expected a Uint8Array, got "AA=="'],
    [kinds.ScalarsSchema, { doubleField: {} }, "kinds.Scalars.double_field: expected a number, got an object"],
    [kinds.ScalarsSchema, { floatField: -1e39 }, "kinds.Scalars.float_field: expected a 32-bit float, got -1e+39"],
    [kinds.ScalarsSchema, { enumField: "RED" }, 'kinds.Scalars.enum_field: expected an int32, got "RED"'],
    [kinds.ListsSchema, { int32s: [1, null] }, "kinds.Lists.int32s: expected an int32, got null"],
    [kinds.ListsSchema, { strings: "abc" }, 'kinds.Lists.strings: expected an array, got "abc"'],
    [kinds.MapsSchema, { byInt32: { x: "" } }, "kinds.Maps.by_int32: expected an int32, got NaN"],
    [kinds.MapsSchema, { byBool: { maybe: 1n } }, 'kinds.Maps.by_bool: expected a boolean, got "maybe"'],
    [kinds.MapsSchema, { texts: 1 }, "kinds.Maps.texts: expected an object, got 1"],
    [kinds.PlaceSchema, { location: 5 }, "kinds.Place.location: expected kinds.Position, got 5"],
    [kinds.TreeSchema, { branches: [null] }, "kinds.Tree.branches: expected kinds.Tree, got null"],
    [kinds.TreeSchema, { named: { a: "b" } }, 'kinds.Tree.named: expected kinds.Tree, got "b"'],
    [kinds.PlaceSchema, create(kinds.PositionSchema), "kinds.Place: got a message of type kinds.Position"],
    [proto2.StrictSchema, { name: "" }, "kinds.proto2.Strict.closed: the field is required"],
  ];
  for (const [desc, init, message] of cases) {
    assert.throws(() => encode(desc, init), { name: "EncodeError", message: `cannot encode ${message}` });
  }
});

test("as many unknown fields as make a message costly are refused, wherever in it they are", () => {
  const unknown = (count: number) => new Uint8Array(2 * count).fill(0x78).map((byte, i) => (i % 2 === 0 ? byte : 1));
  assert.equal(decode(kinds.TreeSchema, unknown(65_536)).$unknown?.length, 65_536);
  const nested = bytesOf((writer) => writer.tag(2, WireType.LengthDelimited).bytes(unknown(65_537)));
  for (const bytes of [unknown(65_537), nested]) {
    assert.throws(
      () => decode(kinds.TreeSchema, bytes),
      new DecodeError("cannot decode kinds.Tree: more than 65536 fields that the schema does not know"),
    );
  }
});

test("a singular message that comes twice is merged", () => {
  const left = encode(kinds.PlaceSchema, { name: "a", location: { latitude: 1 } });
  const right = encode(kinds.PlaceSchema, { location: { longitude: 2 } });
  assert.deepEqual(
    decode(kinds.PlaceSchema, Buffer.concat([left, right])),
    create(kinds.PlaceSchema, { name: "a", location: { latitude: 1, longitude: 2 } }),
  );
});

test("repeated numbers are read packed or not, whatever the schema says", () => {
  const packed = encode(kinds.ListsSchema, { int32s: [1, 300] });
  const unpacked = encode(kinds.ListsSchema, { unpacked: [1, 300] });
  assert.deepEqual([...packed], [0x1a, 3, 1, 0xac, 2]);
  assert.deepEqual([...unpacked], [0x90, 1, 1, 0x90, 1, 0xac, 2]);
  assert.deepEqual(decode(kinds.ListsSchema, Uint8Array.of(0x18, 1, 0x18, 0xac, 2)).int32s, [1, 300]);
  assert.deepEqual(decode(kinds.ListsSchema, Uint8Array.of(0x92, 1, 3, 1, 0xac, 2)).unpacked, [1, 300]);
});

test("a value that a closed enum does not have is unknown, beside others that are", () => {
  const bytes = bytesOf((writer) => {
    writer.tag(1, WireType.LengthDelimited).string("x");
    writer.tag(2, WireType.Varint).int32(-9);
    writer.tag(77, WireType.Varint).int32(1);
  });
  const message = decode(proto2.StrictSchema, bytes);
  assert.equal(Object.hasOwn(message, "closed"), false);
  assert.deepEqual(
    message.$unknown?.map(({ no, data }) => [no, data.length]),
    [
      [2, 10],
      [77, 1],
    ],
  );
  message.closed = proto2.Closed.FIRST;
  assert.deepEqual(encode(proto2.StrictSchema, message).subarray(-14), bytes.subarray(-14));
});

test("extensions live through both directions", () => {
  const message = create(proto2.LegacySchema, { id: 1 });
  setExtension(message, proto2.note, "hello");
  setExtension(message, proto2.marks, [1, 2]);
  const again = decode(proto2.LegacySchema, encode(proto2.LegacySchema, message));
  assert.equal(getExtension(again, proto2.note), "hello");
  assert.deepEqual(getExtension(again, proto2.marks), [1, 2]);
});

test("fields that protobuf-es keeps as JSON are plain objects, alone and within compiled messages", () => {
  const init = {
    newest: { title: "a", body: { list: [1, "x", null], nested: { yes: true } } },
    all: [{ title: "b", parts: [{ n: 1 }, {}] }],
  };
  const message = decode(kinds.LibrarySchema, encode(kinds.LibrarySchema, init));
  assert.deepEqual(message, create(kinds.LibrarySchema, init));
  const delimited = { required: "x", json: { body: { a: 1 }, mixed: { required: "y", json: { body: {} } } } };
  const mixed = decode(editions.MixedSchema, encode(editions.MixedSchema, delimited));
  assert.deepEqual(mixed, create(editions.MixedSchema, delimited));
});

test("names that every object inherits are fields like others", () => {
  const init = { hasOwnProperty: "mine", isPrototypeOf: { latitude: 1 } } as unknown as object;
  assert.deepEqual([...encode(kinds.InheritedNamesSchema, {})], []);
  const bytes = encode(kinds.InheritedNamesSchema, init);
  const message = decode(kinds.InheritedNamesSchema, bytes) as unknown as Record<string, unknown>;
  assert.equal(message["hasOwnProperty"], "mine");
  assert.deepEqual(message["isPrototypeOf"], create(kinds.PositionSchema, { latitude: 1 }));
  assert.equal("latitude" in Object.prototype.isPrototypeOf, false);
});

test("__proto__ as the key of a map is an entry, not a prototype", () => {
  const texts = Object.fromEntries([["__proto__", "text"]]);
  const maps = decode(kinds.MapsSchema, encode(kinds.MapsSchema, { texts }));
  assert.deepEqual(Object.entries(maps.texts), [["__proto__", "text"]]);
  assert.equal(Object.getPrototypeOf(maps.texts), Object.prototype);
  const byString = Object.fromEntries([["__proto__", { name: "polluted" }]]);
  const places = decode(kinds.MapsSchema, encode(kinds.MapsSchema, { byString })).byString;
  assert.equal(Object.getPrototypeOf(places), Object.prototype);
  assert.equal("name" in {}, false);
});

test("names of a forged descriptor do not become code, and __proto__ no prototype", () => {
  const names = [
    '"];globalThis.injected=1;//',
    "`+(globalThis.injected=1)+`",
    "\u2028*/globalThis.injected=1//",
    '\\"];',
  ];
  const field = kinds.PlaceSchema.field.name;
  const fields = names.map((localName, i) => ({ ...field, localName, name: localName, number: i + 1 }));
  const typeName = 'forged"+(globalThis.injected=1)+"';
  const desc = { ...kinds.PlaceSchema, typeName, fields, members: fields } as unknown as DescMessage;
  const init = Object.fromEntries(names.map((name, i) => [name, `value ${i}`]));
  const codec = compiledCodec(desc);
  assert.deepEqual(decode(desc, encode(desc, init, codec), codec), create(desc, init));
  assert.equal("injected" in globalThis, false);
  assert.throws(() => encode(desc, { [names[0] ?? ""]: 5 }, codec), EncodeError);

  const prototype = [{ ...field, localName: "__proto__" }];
  const poisoned = compiledCodec({ ...desc, fields: prototype, members: prototype } as unknown as DescMessage);
  poisoned.decode(Uint8Array.of(10, 1, 65), 0, 3);
  assert.equal(Object.getPrototypeOf({}), Object.prototype);

  const forged = [{ ...field, number: "1:globalThis.injected=1;case 2" }];
  const numbered = compiledCodec({ ...desc, fields: forged, members: forged } as unknown as DescMessage);
  assert.throws(() => numbered.decode(Uint8Array.of(10, 0), 0, 2), RangeError);
  assert.equal("injected" in globalThis, false);
});

test("an int32 is the lower half of whatever 64-bit varint was sent", () => {
  const numbers = [
    -1n,
    -740_000_000n,
    2n ** 63n - 1n,
    -(2n ** 63n),
    2n ** 35n,
    (2n ** 31n - 1n) | (2n ** 60n),
    -(2n ** 40n),
  ];
  for (const number of numbers) {
    const bytes = bytesOf((writer) => writer.tag(1, WireType.Varint).int64(number));
    const { latitude } = decode(kinds.PositionSchema, bytes);
    assert.equal(BigInt(latitude), BigInt.asIntN(32, number));
  }
});

test("an int32 may be sent in more bytes than it needs", () => {
  for (let filler = 0; filler <= 8; filler++) {
    const bytes = Uint8Array.of(8, 0x85, ...Array(filler).fill(0x80), 0);
    assert.equal(decode(kinds.PositionSchema, bytes).latitude, 5);
  }
});

test("a message that has itself inside of it is refused, and not written for ever", () => {
  const circle: { name: string; nestedType: unknown[] } = { name: "circle", nestedType: [] };
  circle.nestedType.push(circle);
  assert.throws(() => encode(DescriptorProtoSchema, circle), {
    name: "EncodeError",
    message: /^cannot encode google\.protobuf\.DescriptorProto: its messages lie in each other without end/,
  });
});

test("what is no message, but would be written as an empty one, is refused", () => {
  const refused = (value: unknown, what: string) =>
    assert.throws(() => encode(kinds.PlaceSchema, value), {
      name: "EncodeError",
      message: `cannot encode ${kinds.PlaceSchema.typeName}: got ${what}`,
    });
  refused([{}], "an array");
  refused(Promise.resolve({}), "a Promise");
  refused(new Map(), "a Map");
  assert.equal(encode(kinds.PlaceSchema, {}).length, 0);
  assert.equal(encode(kinds.PlaceSchema, Object.create(null)).length, 0);
});
