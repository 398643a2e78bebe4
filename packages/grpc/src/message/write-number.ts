import { type DescField, protoInt64 } from "@bufbuild/protobuf";
import { wrong } from "./field-error.js";
import { putNegative, putVarint32, putVarint64 } from "./write-varint.js";

const MAX_FLOAT = 3.4028234663852886e38;

// All of these write a value at bytes[at], where there is room for 10 bytes, and return where the next byte goes.

export function int32(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  const number = asInt32(value, field);
  return number >= 0 ? putVarint32(bytes, at, number) : putNegative(bytes, at, number);
}

export function uint32(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  return putVarint32(bytes, at, asUint32(value, field));
}

export function sint32(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  const number = asInt32(value, field);
  return putVarint32(bytes, at, ((number << 1) ^ (number >> 31)) >>> 0);
}

export function fixed32(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  return fourBytes(bytes, at, asUint32(value, field));
}

export function sfixed32(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  return fourBytes(bytes, at, asInt32(value, field));
}

export function bool(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  if (typeof value !== "boolean") throw wrong(field, value, "a boolean");
  bytes[at] = value ? 1 : 0;
  return at + 1;
}

/** For taking numbers apart into bytes, least significant first, on any machine. */
const scratch = new DataView(new ArrayBuffer(8));

export function int64(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  scratch.setBigInt64(0, asInt64(value, field), true);
  return putVarint64(bytes, at, scratch.getUint32(0, true), scratch.getUint32(4, true));
}

export function uint64(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  scratch.setBigUint64(0, asUint64(value, field), true);
  return putVarint64(bytes, at, scratch.getUint32(0, true), scratch.getUint32(4, true));
}

export function sint64(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  const number = asInt64(value, field);
  scratch.setBigInt64(0, (number << 1n) ^ (number >> 63n), true);
  return putVarint64(bytes, at, scratch.getUint32(0, true), scratch.getUint32(4, true));
}

export function fixed64(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  scratch.setBigUint64(0, asUint64(value, field), true);
  return eightBytes(bytes, at);
}

export function sfixed64(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  scratch.setBigInt64(0, asInt64(value, field), true);
  return eightBytes(bytes, at);
}

export function float(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  if (typeof value !== "number") throw wrong(field, value, "a number");
  if (Math.abs(Math.fround(value)) > MAX_FLOAT && Number.isFinite(value)) throw wrong(field, value, "a 32-bit float");
  scratch.setFloat32(0, value, true);
  return fourBytes(bytes, at, scratch.getUint32(0, true));
}

export function double(bytes: Uint8Array, at: number, value: unknown, field: DescField): number {
  if (typeof value !== "number") throw wrong(field, value, "a number");
  scratch.setFloat64(0, value, true);
  return eightBytes(bytes, at);
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

function fourBytes(bytes: Uint8Array, at: number, value: number): number {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
  return at + 4;
}

/** Writes the scratch. */
function eightBytes(bytes: Uint8Array, at: number): number {
  return fourBytes(bytes, fourBytes(bytes, at, scratch.getUint32(0, true)), scratch.getUint32(4, true));
}
