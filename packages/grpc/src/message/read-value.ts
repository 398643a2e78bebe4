import { cursor, malformed } from "./cursor.js";
import { readLenientText, readText } from "./text.js";

// The functions below read on past the end of a message, up to 10 bytes, which may be another's or none (read as 0): compiled
// decoders compare `at` with the end after the last field, and drop everything if it is past.

/** The rest of a tag whose first byte has the continuation bit. Field numbers take 29 bits, so at most 5 bytes. */
export function longTag(bytes: Uint8Array, at: number, first: number): number {
  const tag = longUint32(bytes, at, first, 0);
  const length = cursor.at - at + 1;
  if (length > 5 || (length === 5 && (bytes[cursor.at - 1] ?? 0) > 15)) {
    throw malformed(0, at - 1, "tag is longer than 32 bits");
  }
  return tag;
}

/** The rest of a varint whose first byte has the continuation bit: its lower 32 bits, signed. */
export function longInt32(bytes: Uint8Array, at: number, first: number, tag: number): number {
  // Hot, so written out. A read past the end of the array is undefined, which counts as 0 in what follows.
  let byte = bytes[at++] as number;
  let value = (first & 127) | ((byte & 127) << 7);
  if (byte > 127) {
    byte = bytes[at++] as number;
    value |= (byte & 127) << 14;
    if (byte > 127) {
      byte = bytes[at++] as number;
      value |= (byte & 127) << 21;
      if (byte > 127) {
        byte = bytes[at++] as number;
        value |= (byte & 127) << 28;
        if (byte > 127) at = upperHalf(bytes, at, tag);
      }
    }
  }
  cursor.at = at;
  return value;
}

/** Where a varint ends whose lower 35 bits end before `at`. Negative numbers have all bits of the upper half set. */
function upperHalf(bytes: Uint8Array, at: number, tag: number): number {
  if (
    ((bytes[at] as number) & (bytes[at + 1] as number) & (bytes[at + 2] as number) & (bytes[at + 3] as number)) ===
      255 &&
    bytes[at + 4] === 1
  ) {
    return at + 5;
  }
  for (let count = 5; count < 10; count++) {
    if (((bytes[at++] as number) & 128) === 0) return at;
  }
  throw malformed(tag, at, "varint is longer than 10 bytes");
}

/** As {@link longInt32}, unsigned. */
export function longUint32(bytes: Uint8Array, at: number, first: number, tag: number): number {
  return longInt32(bytes, at, first, tag) >>> 0;
}

/** As {@link longInt32}: 1 if any of the 64 bits is set, else 0. */
export function longBool(bytes: Uint8Array, at: number, tag: number): number {
  return uint64(bytes, at - 1, tag) === 0n ? 0 : 1;
}

/** For putting numbers together from bytes, least significant first, on any machine. */
const scratch = new DataView(new ArrayBuffer(8));

export function int64(bytes: Uint8Array, at: number, tag: number): bigint {
  varint64(bytes, at, tag);
  return scratch.getBigInt64(0, true);
}

export function uint64(bytes: Uint8Array, at: number, tag: number): bigint {
  varint64(bytes, at, tag);
  return scratch.getBigUint64(0, true);
}

export function sint64(bytes: Uint8Array, at: number, tag: number): bigint {
  varint64(bytes, at, tag);
  const low = scratch.getUint32(0, true);
  const high = scratch.getUint32(4, true);
  const sign = -(low & 1);
  scratch.setInt32(0, ((low >>> 1) | (high << 31)) ^ sign, true);
  scratch.setInt32(4, (high >>> 1) ^ sign, true);
  return scratch.getBigInt64(0, true);
}

export function fixed32(bytes: Uint8Array, at: number): number {
  return sfixed32(bytes, at) >>> 0;
}

export function sfixed32(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

export function fixed64(bytes: Uint8Array, at: number): bigint {
  eightBytes(bytes, at);
  return scratch.getBigUint64(0, true);
}

export function sfixed64(bytes: Uint8Array, at: number): bigint {
  eightBytes(bytes, at);
  return scratch.getBigInt64(0, true);
}

export function float(bytes: Uint8Array, at: number): number {
  scratch.setInt32(0, sfixed32(bytes, at), true);
  return scratch.getFloat32(0, true);
}

export function double(bytes: Uint8Array, at: number): number {
  eightBytes(bytes, at);
  return scratch.getFloat64(0, true);
}

/** The text in bytes[at, end), which must be UTF-8. */
export function utf8(bytes: Uint8Array, at: number, end: number, tag: number): string {
  try {
    return readText(bytes, at, end, cursor.finalEnd);
  } catch {
    throw malformed(tag, at, "is not UTF-8");
  }
}

/** The same with U+FFFD for what is not UTF-8. */
export function lenientUtf8(bytes: Uint8Array, at: number, end: number): string {
  return readLenientText(bytes, at, end, cursor.finalEnd);
}

/** A copy of bytes[at, end): a message that is kept must not hold the slab in which it came. Never a Buffer. */
export function copyOf(bytes: Uint8Array, at: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - at);
  if (end > at) copy.set(bytes.subarray(at, end));
  return copy;
}

/** Sets an entry of a map. Assigning `__proto__` would change the object's prototype instead. */
export function setEntry(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    map[key] = value;
  }
}

/** Reads the lower 64 bits of a varint into the scratch. */
function varint64(bytes: Uint8Array, at: number, tag: number): void {
  let low = 0;
  let high = 0;
  let byte = 128;
  for (let shift = 0; byte > 127; shift += 7) {
    if (shift > 63) throw malformed(tag, at, "varint is longer than 10 bytes");
    byte = bytes[at++] ?? 0;
    const bits = byte & 127;
    if (shift < 28) {
      low |= bits << shift;
    } else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else {
      high |= bits << (shift - 32);
    }
  }
  cursor.at = at;
  scratch.setInt32(0, low, true);
  scratch.setInt32(4, high, true);
}

function eightBytes(bytes: Uint8Array, at: number): void {
  scratch.setInt32(0, sfixed32(bytes, at), true);
  scratch.setInt32(4, sfixed32(bytes, at + 4), true);
}
