import { PREFIX_BYTES } from "./envelope-writer.js";
import { isUtf8 } from "./utf8.js";

const LOCATION_TAG = 0x0a;
const LATITUDE_TAG = 0x08;
const LONGITUDE_TAG = 0x10;
const MESSAGE_TAG = 0x12;

/**
 * Reads notes that are written plainly, as every known client writes them: known fields only, in their order, each number as short
 * as it can be, no zeros, well-formed UTF-8. Such a note's bytes are what encoding it would give, so they may be kept and sent as
 * they came. Anything else is left to `NoteView`, which takes twice as long.
 *
 * One reader is used again and again: the fields hold what the last `read()` found.
 */
export class PlainNoteReader {
  latitude = 0;
  longitude = 0;
  /** Bytes of the message in UTF-8. */
  messageBytes = 0;
  #at = 0;

  /** Reads the RouteNote in bytes[start, end). Returns whether it is a plain one, with a location. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    // Lengths below 128 take one byte, and no location takes more than 22.
    if (end - start < 2 || bytes[start] !== LOCATION_TAG) return false;
    const locationEnd = start + 2 + (bytes[start + 1] as number);
    if (locationEnd > end || !this.#readLocation(bytes, start + 2, locationEnd)) return false;
    this.messageBytes = 0;
    return locationEnd === end || this.#readMessage(bytes, locationEnd, end);
  }

  #readLocation(bytes: Uint8Array, start: number, end: number): boolean {
    this.#at = start;
    this.latitude = 0;
    this.longitude = 0;
    if (this.#at < end && bytes[this.#at] === LATITUDE_TAG) {
      this.#at++;
      this.latitude = this.#readInt32(bytes, end);
      if (this.latitude === 0) return false;
    }
    if (this.#at < end && bytes[this.#at] === LONGITUDE_TAG) {
      this.#at++;
      this.longitude = this.#readInt32(bytes, end);
      if (this.longitude === 0) return false;
    }
    return this.#at === end;
  }

  /** An int32 other than 0 as its shortest varint; 0 for everything else. Negative ones are extended to 64 bits: ten bytes. */
  #readInt32(bytes: Uint8Array, end: number): number {
    let value = 0;
    for (let shift = 0; shift < 35 && this.#at < end; shift += 7) {
      const byte = bytes[this.#at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return byte === 0 || value < 0 || (shift === 28 && byte > 0x07) ? 0 : value;
    }
    // Of a negative one the fifth byte holds four bits of the number and three of its sign; then come only bits of the sign.
    const at = this.#at;
    const isNegative =
      value < 0 &&
      at + 5 <= end &&
      bytes[at - 1] === (0xf0 | ((value >>> 28) & 0x0f)) &&
      bytes[at] === 0xff &&
      bytes[at + 1] === 0xff &&
      bytes[at + 2] === 0xff &&
      bytes[at + 3] === 0xff &&
      bytes[at + 4] === 0x01;
    this.#at = at + 5;
    return isNegative ? value : 0;
  }

  #readMessage(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes[start] !== MESSAGE_TAG || end - start < 3) return false;
    let at = start + 2;
    let length = bytes[start + 1] as number;
    if (length >= 0x80) {
      const high = bytes[at++] as number;
      // 16,383 bytes at most: more than any note may have.
      if (high === 0 || high >= 0x80) return false;
      length = (length & 0x7f) | (high << 7);
    }
    if (length === 0 || at + length !== end) return false;
    this.messageBytes = length;
    let bits = 0;
    for (let i = at; i < end; i++) bits |= bytes[i] as number;
    return bits < 0x80 || isUtf8(bytes, at, end);
  }
}

/** Whether the prefix of the message in bytes[start, end) stands before it. Not so if the message came compressed or in parts. */
export function hasPrefix(bytes: Uint8Array, start: number, end: number): boolean {
  const at = start - PREFIX_BYTES;
  const length = end - start;
  return (
    at >= 0 &&
    bytes[at] === 0 &&
    bytes[at + 1] === length >>> 24 &&
    bytes[at + 2] === ((length >>> 16) & 0xff) &&
    bytes[at + 3] === ((length >>> 8) & 0xff) &&
    bytes[at + 4] === (length & 0xff)
  );
}
