import type { ByteWriter } from "./byte-writer.js";

// Below these lengths a plain loop beats the fixed cost of calling out of JavaScript (about 100 ns in Node 20).
const SHORT_READ = 16;
const SHORT_WRITE = 24;

// A leading U+FEFF is text, not a byte-order mark.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const { fromCharCode } = String;

/**
 * The text in bytes[start, end).
 *
 * @throws {TypeError} if it is not UTF-8
 */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  return shortAscii(bytes, start, end) ?? strict.decode(bytes.subarray(start, end));
}

/** The text in bytes[start, end), with U+FFFD for what is not UTF-8. */
export function readLenientText(bytes: Uint8Array, start: number, end: number): string {
  return shortAscii(bytes, start, end) ?? lenient.decode(bytes.subarray(start, end));
}

/** Appends the length in bytes and the text as UTF-8, with U+FFFD for half a surrogate pair. */
export function writeText(out: ByteWriter, text: string): void {
  const length = text.length;
  if (length <= SHORT_WRITE && writeShortAscii(out, text)) return;
  // A UTF-16 unit takes at most 3 bytes of UTF-8, a length at most 5.
  out.reserve(length * 3 + 5);
  // Most text is ASCII, so leave as many bytes for the length as that would need.
  const guess = varintBytes(length);
  const start = out.at + guess;
  const { written } = encoder.encodeInto(text, out.bytes.subarray(start, start + length * 3));
  const needed = varintBytes(written);
  if (needed !== guess) out.bytes.copyWithin(out.at + needed, start, start + written);
  writeVarint32(out, written);
  out.at += written;
}

/** Appends an unsigned 32-bit varint. There must be room for 5 bytes. */
export function writeVarint32(out: ByteWriter, value: number): void {
  const { bytes } = out;
  let at = out.at;
  while (value > 127) {
    bytes[at++] = (value & 127) | 128;
    value >>>= 7;
  }
  bytes[at++] = value;
  out.at = at;
}

export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** The text if it is short and all ASCII. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > SHORT_READ) return undefined;
  let text = "";
  let all = 0;
  let at = start;
  // Hot: the bounds hold because start + 4 <= end <= bytes.length.
  for (; at + 4 <= end; at += 4) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    all |= a | b | c | d;
    text += fromCharCode(a, b, c, d);
  }
  for (; at < end; at++) {
    const a = bytes[at] as number;
    all |= a;
    text += fromCharCode(a);
  }
  return all > 127 ? undefined : text;
}

/** Appends a text of at most 127 characters if it is all ASCII; else appends nothing and returns false. */
function writeShortAscii(out: ByteWriter, text: string): boolean {
  const length = text.length;
  out.reserve(length + 1);
  const { bytes } = out;
  let at = out.at;
  bytes[at++] = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return false;
    bytes[at++] = unit;
  }
  out.at = at;
  return true;
}
