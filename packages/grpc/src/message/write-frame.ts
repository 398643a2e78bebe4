import type { ByteWriter } from "./byte-writer.js";
import { varintBytes, writeVarint32 } from "./write-varint.js";

/** What one tag (5) and one number (10) take at most. */
const VALUE_BYTES = 15;

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
