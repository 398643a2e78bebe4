import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import { wrong } from "./field-error.js";
import { writeText } from "./text.js";
import { writeVarint32 } from "./write-varint.js";

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

/** A message, or an object in its init shape. */
export function object(value: unknown, field: DescField & { message: DescMessage }): object {
  if (typeof value !== "object" || value === null) throw wrong(field, value, field.message.typeName);
  return value;
}
