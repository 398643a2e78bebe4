import { type DescField, protoInt64 } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import { wrong } from "./field-error.js";
import { writeNegative, writeVarint32, writeVarint64 } from "./write-varint.js";

const MAX_FLOAT = 3.4028234663852886e38;

// Of all these, the caller has made room for 10 bytes.

export function int32(out: ByteWriter, value: unknown, field: DescField): void {
  const number = asInt32(value, field);
  if (number >= 0) writeVarint32(out, number);
  else writeNegative(out, number);
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
