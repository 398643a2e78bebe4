import type { ByteWriter } from "./byte-writer.js";
import { varintBytes, writeVarint32 } from "./write-varint.js";

// Up to these lengths a plain loop beats the fixed cost of calling out of JavaScript: 60 to 100 ns in Node 20. From Node 22 on
// compiled code calls what writes text as if it were its own, for 15 to 30 ns.
const SHORT_READ = 24;
const SHORT_WRITE = nodeVersion() < 22 ? 40 : 16;
/** Below it a text of its own costs no more than one that is cut out of others. */
const LEAST_CUT = 8;
/** Above it, looking at each byte costs more than a view. */
const LONG_READ = 128;

/** How many bytes become characters at once when more texts follow. A text that is kept keeps its block, so it is small. */
const BLOCK_BYTES = 1024;

interface NodeBuffer extends Uint8Array {
  toString(encoding?: "latin1", start?: number, end?: number): string;
}

/** Browsers have no Buffer. */
const { Buffer } = globalThis as { Buffer?: { isBuffer(value: unknown): boolean } };
const isBuffer = (bytes: Uint8Array): bytes is NodeBuffer => Buffer?.isBuffer(bytes) === true;

// A leading U+FEFF is text, not a byte-order mark.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const { fromCharCode } = String;

/**
 * The text in bytes[start, end).
 *
 * @param finalEnd up to here the bytes will never change: other texts are likely to follow
 * @throws {TypeError} if it is not UTF-8
 */
export function readText(bytes: Uint8Array, start: number, end: number, finalEnd: number): string {
  return ascii(bytes, start, end, finalEnd) ?? strict.decode(bytes.subarray(start, end));
}

/** The same with U+FFFD for what is not UTF-8. */
export function readLenientText(bytes: Uint8Array, start: number, end: number, finalEnd: number): string {
  return ascii(bytes, start, end, finalEnd) ?? lenient.decode(bytes.subarray(start, end));
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
  const written =
    out.buffer?.write(text, start) ?? encoder.encodeInto(text, out.bytes.subarray(start, start + length * 3)).written;
  const needed = varintBytes(written);
  if (needed !== guess) out.bytes.copyWithin(out.at + needed, start, start + written);
  writeVarint32(out, written);
  out.at += written;
}

/** 0 in browsers. */
function nodeVersion(): number {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return Number.parseInt(process?.versions?.node ?? "0", 10);
}

/** The text if it is all ASCII, and either short or in what Node reads from sockets. */
function ascii(bytes: Uint8Array, start: number, end: number, finalEnd: number): string | undefined {
  const length = end - start;
  if (finalEnd > end && length >= LEAST_CUT && length <= LONG_READ && (bytes === block.bytes || isBuffer(bytes))) {
    return block.cut(bytes as NodeBuffer, start, end, finalEnd);
  }
  if (length <= SHORT_READ) return shortAscii(bytes, start, end);
  return length <= LONG_READ && isBuffer(bytes) ? longAscii(bytes, start, end) : undefined;
}

/**
 * The last bytes that became characters together. To cut a text out of them costs a fraction of what a text of its own does. It
 * holds on to one read of the network.
 */
class Block {
  bytes: Uint8Array | undefined = undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #start = 0;
  #end = 0;
  #text = "";

  /** The text in bytes[start, end) if it is all ASCII. */
  cut(bytes: NodeBuffer, start: number, end: number, finalEnd: number): string | undefined {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#end = 0;
    }
    if (!isAscii(this.#view, start, end)) return undefined;
    if (start < this.#start || end > this.#end) {
      this.#start = start;
      this.#end = Math.min(finalEnd, start + BLOCK_BYTES);
      this.#text = bytes.toString("latin1", start, this.#end);
    }
    return this.#text.slice(start - this.#start, end - this.#start);
  }
}

const block = new Block();

/** Four bytes at a time: a view reads them as fast as one. */
function isAscii(view: DataView, start: number, end: number): boolean {
  let bits = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) bits |= view.getInt32(at);
  for (; at < end; at++) bits |= view.getInt8(at);
  return (bits & 0x80808080) === 0;
}

/** Node's Buffer makes a string without the view of the bytes that a decoder needs, which costs as much as the string. */
function longAscii(bytes: NodeBuffer, start: number, end: number): string | undefined {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= bytes[i] as number;
  return bits > 127 ? undefined : bytes.toString("latin1", start, end);
}

function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let at = start;
  // Hot, so written out: one call makes eight or four characters. The bounds hold because at + 8 <= end <= bytes.length.
  for (; at + 8 <= end; at += 8) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    const e = bytes[at + 4] as number;
    const f = bytes[at + 5] as number;
    const g = bytes[at + 6] as number;
    const h = bytes[at + 7] as number;
    if ((a | b | c | d | e | f | g | h) > 127) return undefined;
    text += fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (at + 4 <= end) {
    const a = bytes[at++] as number;
    const b = bytes[at++] as number;
    const c = bytes[at++] as number;
    const d = bytes[at++] as number;
    if ((a | b | c | d) > 127) return undefined;
    text += fromCharCode(a, b, c, d);
  }
  for (; at < end; at++) {
    const a = bytes[at] as number;
    if (a > 127) return undefined;
    text += fromCharCode(a);
  }
  return text;
}

/** Appends a text of at most 127 characters if it is all ASCII; else appends nothing and returns false. */
function writeShortAscii(out: ByteWriter, text: string): boolean {
  const length = text.length;
  out.reserve(length + 1);
  const { bytes } = out;
  let at = out.at;
  bytes[at++] = length;
  let i = 0;
  // Hot, so written out: most of a character's price is to find out how its text is kept, which four share.
  for (; i + 4 <= length; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    if ((a | b | c | d) > 127) return false;
    bytes[at++] = a;
    bytes[at++] = b;
    bytes[at++] = c;
    bytes[at++] = d;
  }
  for (; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) return false;
    bytes[at++] = unit;
  }
  out.at = at;
  return true;
}
