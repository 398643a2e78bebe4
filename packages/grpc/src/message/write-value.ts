import type { DescField } from "@bufbuild/protobuf";
import { protoInt64, ScalarType } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import { EncodeError } from "./codec-error.js";
import { varintBytes, writeText, writeVarint32 } from "./text.js";

/** What one tag (5) and one value of fixed or varint size (10) take at most. */
const VALUE_BYTES = 16;
const MAX_FLOAT = 3.4028234663852886e38;

/** Appends a tag below 128, and makes room for a number after it. */
export function shortTag(out: ByteWriter, tag: number): void {
  out.reserve(VALUE_BYTES);
  out.bytes[out.at++] = tag;
}

/** Appends a tag, and makes room for a number after it. */
export function longTag(out: ByteWriter, tag: number): void {
  out.reserve(VALUE_BYTES);
  writeVarint32(out, tag);
}

/** Makes room for a number without a tag, as in packed fields. */
export function room(out: ByteWriter): void {
  out.reserve(VALUE_BYTES);
}

/** Begins a length-delimited range. Returns where, from the writer's mark: positions move with the slab. */
export function open(out: ByteWriter): number {
  return out.at++ - out.mark;
}

/** Ends a range: its length takes one byte if it is below 128; the bytes of longer ranges are moved to make room. */
export function close(out: ByteWriter, opened: number): void {
  const length = out.at - out.mark - opened - 1;
  if (length < 128) {
    out.bytes[out.mark + opened] = length;
    return;
  }
  const needed = varintBytes(length);
  out.reserve(needed - 1);
  const start = out.mark + opened;
  out.bytes.copyWithin(start + needed, start + 1, out.at);
  out.at = start;
  writeVarint32(out, length);
  out.at += length;
}

// Numbers: there must be room for 10 bytes.

export function int32(out: ByteWriter, value: unknown, field: DescField): void {
  if (typeof value !== "number" || (value | 0) !== value) throw wrong(field, value, "an int32");
  if (value >= 0) writeVarint32(out, value);
  else writeNegative(out, value);
}

export function uint32(out: ByteWriter, value: unknown, field: DescField): void {
  writeVarint32(out, asUint32(value, field));
}

export function sint32(out: ByteWriter, value: unknown, field: DescField): void {
  const number = asInt32(value, field);
  writeVarint32(out, ((number << 1) ^ (number >> 31)) >>> 0);
}

export function fixed32(out: ByteWriter, value: unknown, field: DescField): void {
  writeFourBytes(out, asUint32(value, field));
}

export function sfixed32(out: ByteWriter, value: unknown, field: DescField): void {
  writeFourBytes(out, asInt32(value, field));
}

export function bool(out: ByteWriter, value: unknown, field: DescField): void {
  if (typeof value !== "boolean") throw wrong(field, value, "a boolean");
  out.bytes[out.at++] = value ? 1 : 0;
}

/** For taking numbers apart into bytes, least significant first, on any machine. */
const scratch = new DataView(new ArrayBuffer(8));

export function int64(out: ByteWriter, value: unknown, field: DescField): void {
  scratch.setBigInt64(0, asInt64(value, field), true);
  writeVarint64(out, scratch.getUint32(0, true), scratch.getUint32(4, true));
}

export function uint64(out: ByteWriter, value: unknown, field: DescField): void {
  scratch.setBigUint64(0, asUint64(value, field), true);
  writeVarint64(out, scratch.getUint32(0, true), scratch.getUint32(4, true));
}

export function sint64(out: ByteWriter, value: unknown, field: DescField): void {
  const number = asInt64(value, field);
  scratch.setBigInt64(0, (number << 1n) ^ (number >> 63n), true);
  writeVarint64(out, scratch.getUint32(0, true), scratch.getUint32(4, true));
}

export function fixed64(out: ByteWriter, value: unknown, field: DescField): void {
  scratch.setBigUint64(0, asUint64(value, field), true);
  writeEightBytes(out);
}

export function sfixed64(out: ByteWriter, value: unknown, field: DescField): void {
  scratch.setBigInt64(0, asInt64(value, field), true);
  writeEightBytes(out);
}

export function float(out: ByteWriter, value: unknown, field: DescField): void {
  if (typeof value !== "number") throw wrong(field, value, "a number");
  if (Math.abs(Math.fround(value)) > MAX_FLOAT && Number.isFinite(value)) throw wrong(field, value, "a 32-bit float");
  scratch.setFloat32(0, value, true);
  writeFourBytes(out, scratch.getUint32(0, true));
}

export function double(out: ByteWriter, value: unknown, field: DescField): void {
  if (typeof value !== "number") throw wrong(field, value, "a number");
  scratch.setFloat64(0, value, true);
  writeEightBytes(out);
}

// Lengths with their bytes: these make room themselves.

export function string(out: ByteWriter, value: unknown, field: DescField): void {
  if (typeof value !== "string") throw wrong(field, value, "a string");
  writeText(out, value);
}

/** An array of numbers is accepted too, as protobuf-es's `create()` does. */
export function bytes(out: ByteWriter, value: unknown, field: DescField): void {
  if (Array.isArray(value)) value = Uint8Array.from(value);
  if (!(value instanceof Uint8Array)) throw wrong(field, value, "a Uint8Array");
  out.reserve(5 + value.length);
  writeVarint32(out, value.length);
  out.append(value);
}

/** The elements of a repeated field. */
export function items(value: unknown, field: DescField): ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) return value as ArrayLike<unknown>;
  throw wrong(field, value, "an array");
}

/** The keys of a map. */
export function keys(value: unknown, field: DescField): string[] {
  if (typeof value !== "object" || value === null) throw wrong(field, value, "an object");
  return Object.keys(value);
}

/** A key of a map as the value that its type says. What is no such value is left to the writer to refuse. */
export function mapKey(key: string, type: ScalarType): unknown {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return key;
    case ScalarType.BOOL:
      return key === "true" ? true : key === "false" ? false : key;
    default:
      return Number.parseInt(key, 10);
  }
}

/** Whether a value is worth writing when a field has no presence: not the zero of its type, as 0n, 0 or "0". */
export function isLongSet(value: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: 64-bit integers may be bigint, number or string.
  return typeof value === "bigint" ? value !== 0n : value != 0;
}

/** Fields that the message's schema did not know when it was read. `data` is what followed the tag. */
export function unknownFields(
  out: ByteWriter,
  fields: readonly { no: number; wireType: number; data: Uint8Array }[],
): void {
  for (const { no, wireType, data } of fields) {
    longTag(out, ((no << 3) | wireType) >>> 0);
    out.append(data);
  }
}

export function wrong(field: DescField, value: unknown, expected: string): EncodeError {
  return new EncodeError(`cannot encode ${nameOf(field)}: expected ${expected}, got ${shown(value)}`);
}

export function missing(field: DescField): EncodeError {
  return new EncodeError(`cannot encode ${nameOf(field)}: the field is required`);
}

export function foreign(typeName: string, value: unknown): EncodeError {
  return new EncodeError(`cannot encode ${typeName}: got ${shown(value)}`);
}

function nameOf({ parent, name }: DescField): string {
  return `${parent.typeName}.${name}`;
}

function shown(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      if (value === null) return "null";
      if ("$typeName" in value) return `a message of type ${String(value.$typeName)}`;
      return Array.isArray(value) ? "an array" : "an object";
    default:
      return String(value);
  }
}

function asInt32(value: unknown, field: DescField): number {
  if (typeof value !== "number" || (value | 0) !== value) throw wrong(field, value, "an int32");
  return value;
}

function asUint32(value: unknown, field: DescField): number {
  if (typeof value !== "number" || value >>> 0 !== value) throw wrong(field, value, "a uint32");
  return value;
}

function asInt64(value: unknown, field: DescField): bigint {
  return asLong(value, field, "an int64", protoInt64.parse);
}

function asUint64(value: unknown, field: DescField): bigint {
  return asLong(value, field, "a uint64", protoInt64.uParse);
}

function asLong(
  value: unknown,
  field: DescField,
  expected: string,
  parse: (value: string | number | bigint) => bigint,
): bigint {
  if (typeof value === "bigint" || typeof value === "number" || (typeof value === "string" && value !== "")) {
    try {
      return parse(value);
    } catch {
      // Not an integer, or out of range.
    }
  }
  throw wrong(field, value, expected);
}

/** 10 bytes: int32 is sign-extended to 64 bits. */
function writeNegative(out: ByteWriter, value: number): void {
  const { bytes } = out;
  const at = out.at;
  bytes[at] = value | 128;
  bytes[at + 1] = (value >> 7) | 128;
  bytes[at + 2] = (value >> 14) | 128;
  bytes[at + 3] = (value >> 21) | 128;
  bytes[at + 4] = (value >> 28) | 128;
  bytes[at + 5] = 255;
  bytes[at + 6] = 255;
  bytes[at + 7] = 255;
  bytes[at + 8] = 255;
  bytes[at + 9] = 1;
  out.at = at + 10;
}

function writeVarint64(out: ByteWriter, low: number, high: number): void {
  const { bytes } = out;
  let at = out.at;
  while (high > 0 || low > 127) {
    bytes[at++] = (low & 127) | 128;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  bytes[at++] = low;
  out.at = at;
}

function writeFourBytes(out: ByteWriter, value: number): void {
  const { bytes } = out;
  const at = out.at;
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  out.at = at + 4;
}

/** Appends the scratch. */
function writeEightBytes(out: ByteWriter): void {
  writeFourBytes(out, scratch.getUint32(0, true));
  writeFourBytes(out, scratch.getUint32(4, true));
}
