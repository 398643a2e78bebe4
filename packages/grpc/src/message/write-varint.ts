import type { ByteWriter } from "./byte-writer.js";

/** Appends an unsigned 32-bit varint. There must be room for 5 bytes. */
export function writeVarint32(out: ByteWriter, value: number): void {
  out.at = putVarint32(out.bytes, out.at, value);
}

/** How many bytes an unsigned 32-bit varint takes. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

// The functions below write at bytes[at] and return where the next byte goes: in registers, while a writer is memory.

/** An unsigned 32-bit varint: up to 5 bytes. */
export function putVarint32(bytes: Uint8Array, at: number, value: number): number {
  while (value > 127) {
    bytes[at++] = (value & 127) | 128;
    value >>>= 7;
  }
  bytes[at] = value;
  return at + 1;
}

/** A negative int32, which is sign-extended to 64 bits: 10 bytes. */
export function putNegative(bytes: Uint8Array, at: number, value: number): number {
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
  return at + 10;
}

/** An unsigned 64-bit varint, given as two unsigned halves: up to 10 bytes. */
export function putVarint64(bytes: Uint8Array, at: number, low: number, high: number): number {
  while (high > 0 || low > 127) {
    bytes[at++] = (low & 127) | 128;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  bytes[at] = low;
  return at + 1;
}
