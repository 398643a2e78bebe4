import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/**
 * - overrun: a length or group reaches beyond the message around it. protobuf-es reads on into the next field.
 * - long varint: an unknown field of more than 10 bytes. protobuf-es keeps it.
 * - wire type: a known field comes with another wire type. protobuf-es reads it as the type it should have.
 * - closed enum: a value that a closed enum does not have. protobuf-es loses it if the message has other unknown fields.
 */
export type Deviation = "overrun" | "long varint" | "wire type" | "closed enum";

/**
 * Where protobuf-es differs from the specification, and so is no oracle: the first in the bytes; undefined if there is none up to
 * where the bytes are malformed. A plain walk along the wire by the descriptor, with nothing in common with the compiled decoder.
 */
export function deviation(desc: DescMessage, bytes: Uint8Array): Deviation | undefined {
  try {
    walk(desc, new BinaryReader(bytes), bytes.length, undefined);
    return undefined;
  } catch (error) {
    return error instanceof Deviates ? error.kind : undefined;
  }
}

class Deviates extends Error {
  constructor(readonly kind: Deviation) {
    super(kind);
  }
}

function walk(desc: DescMessage, reader: BinaryReader, end: number, group: number | undefined): void {
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (wireType === WireType.EndGroup && number === group) {
      within(reader, end);
      return;
    }
    const field = desc.fields.find((field) => field.number === number);
    if (field === undefined) skipUnknown(reader, wireType, number);
    else walkField(field, reader, end, wireType);
    within(reader, end);
  }
  if (group !== undefined) throw new Deviates("overrun");
}

function within(reader: BinaryReader, end: number): void {
  if (reader.pos > end) throw new Deviates("overrun");
}

function skipUnknown(reader: BinaryReader, wireType: WireType, number: number): void {
  const skipped = reader.skip(wireType, number);
  if (wireType === WireType.Varint && skipped.length > 10) throw new Deviates("long varint");
}

function walkField(field: DescField, reader: BinaryReader, end: number, wireType: WireType): void {
  const wanted = wireTypeOf(field.scalar ?? ScalarType.INT32);
  if (field.fieldKind === "map") {
    expect(wireType, WireType.LengthDelimited);
    walkEntry(field, reader, inner(reader, end));
  } else if (field.message !== undefined && "delimitedEncoding" in field && field.delimitedEncoding) {
    expect(wireType, WireType.StartGroup);
    walk(field.message, reader, end, field.number);
  } else if (field.message !== undefined) {
    expect(wireType, WireType.LengthDelimited);
    walk(field.message, reader, inner(reader, end), undefined);
  } else if (field.fieldKind === "list" && wireType === WireType.LengthDelimited && wanted !== wireType) {
    const stop = inner(reader, end);
    while (reader.pos < stop) reader.skip(wanted);
    within(reader, stop);
  } else {
    expect(wireType, wanted);
    if (field.fieldKind === "enum" && !field.enum.open) expectKnown(field.enum, reader.int32());
    else reader.skip(wireType);
  }
}

function walkEntry(field: DescField & { fieldKind: "map" }, reader: BinaryReader, end: number): void {
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    if (number === 1) expect(wireType, wireTypeOf(field.mapKey));
    if (number === 2 && field.mapKind === "message") {
      expect(wireType, WireType.LengthDelimited);
      walk(field.message, reader, inner(reader, end), undefined);
    } else {
      if (number === 2) expect(wireType, wireTypeOf(field.scalar ?? ScalarType.INT32));
      reader.skip(wireType, number);
    }
    within(reader, end);
  }
}

/** Reads a length: where its content ends. */
function inner(reader: BinaryReader, end: number): number {
  const length = reader.uint32();
  if (reader.pos + length > end) throw new Deviates("overrun");
  return reader.pos + length;
}

function expect(wireType: WireType, wanted: WireType): void {
  if (wireType !== wanted) throw new Deviates("wire type");
}

function expectKnown({ values }: DescEnum, value: number): void {
  if (!values.some(({ number }) => number === value)) throw new Deviates("closed enum");
}

function wireTypeOf(type: ScalarType): WireType {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}
