/** What precedes each message: one byte of flags, and the message's length in four, the highest first. */
export const PREFIX_BYTES = 5;

/** Set when the message is compressed with the stream's encoding. */
export const COMPRESSED = 1;

/** Writes a prefix at bytes[at, at + 5). */
export function writePrefix(bytes: Uint8Array, at: number, flags: number, length: number): void {
  bytes[at] = flags;
  bytes[at + 1] = length >>> 24;
  bytes[at + 2] = length >>> 16;
  bytes[at + 3] = length >>> 8;
  bytes[at + 4] = length;
}

/** One envelope around a message. */
export function envelopeOf(flags: number, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX_BYTES + message.length);
  writePrefix(bytes, 0, flags, message.length);
  bytes.set(message, PREFIX_BYTES);
  return bytes;
}

/** The length that the prefix at bytes[at, at + 5) declares, up to 4 GiB. The caller knows that these bytes are there. */
export function declaredLength(bytes: Uint8Array, at: number): number {
  // biome-ignore-start lint/style/noNonNullAssertion: one prefix a message, and the range is checked
  return ((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!) >>> 0;
  // biome-ignore-end lint/style/noNonNullAssertion: one prefix a message, and the range is checked
}

/** Whether bytes[start, end) is one message, whole, not compressed, and of at most so many bytes. */
export function isWholeMessage(bytes: Uint8Array, start: number, end: number, maxBytes: number): boolean {
  if (end - start < PREFIX_BYTES || bytes[start] !== 0) return false;
  const length = declaredLength(bytes, start);
  return length === end - start - PREFIX_BYTES && length <= maxBytes;
}
