const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function skipSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  return at;
}

/** Where the object or array ends that starts at bytes[start], or -1 if it is not whole. What is between its brackets is not checked. */
export function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at, end) - 1;
      if (at < 0) return -1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) {
      return at + 1;
    }
  }
  return -1;
}

/**
 * Looks into the object that starts at bytes[start] for a member with one of the names that is an array.
 *
 * @returns where its first element starts; 0 if the object ends without one; -1 if it is not whole
 */
export function findArray(bytes: Uint8Array, start: number, end: number, names: readonly string[]): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      const stringEnd = endOfString(bytes, at, end);
      if (stringEnd < 0) return -1;
      const colon = skipSpace(bytes, stringEnd, end);
      const value = skipSpace(bytes, colon + 1, end);
      if (depth === 1 && bytes[colon] === COLON && names.includes(textBetween(bytes, at + 1, stringEnd - 1))) {
        if (value >= end) return -1;
        if (bytes[value] === OPEN_ARRAY) return value + 1;
      }
      at = stringEnd - 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth++;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) {
      return 0;
    }
  }
  return -1;
}

/** Behind the quote that ends the string whose first quote is bytes[start], or -1. */
function endOfString(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at + 1;
  }
  return -1;
}

/** Names are compared as they are written, and ours are ASCII. */
function textBetween(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 16)));
}
