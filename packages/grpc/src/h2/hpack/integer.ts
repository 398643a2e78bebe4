/**
 * Writes an integer (RFC 7541, section 5.1) whose first octet has `prefixBits` of room beside `flags`.
 *
 * @param value at most 2^31 - 1, which takes at most 6 octets
 * @returns the end of what was written
 */
export function writeInteger(into: Uint8Array, at: number, flags: number, prefixBits: number, value: number): number {
  const full = (1 << prefixBits) - 1;
  if (value < full) {
    into[at++] = flags | value;
    return at;
  }
  into[at++] = flags | full;
  value -= full;
  for (; value >= 0x80; value >>>= 7) into[at++] = 0x80 | (value & 0x7f);
  into[at++] = value;
  return at;
}

/** The octets of an integer are over. */
export const TRUNCATED = -1;
/** The integer is over 2^31 - 1, or takes more than 5 octets after the first. */
export const OVERFLOW = -2;

/** Reads integers and keeps the place; where each one ended is `at`. */
export class IntegerReader {
  at = 0;

  /** @returns the integer whose first octet is bytes[at], or TRUNCATED or OVERFLOW */
  read(bytes: Uint8Array, end: number, prefixBits: number): number {
    if (this.at >= end) return TRUNCATED;
    const full = (1 << prefixBits) - 1;
    // In bounds: at < end here and below.
    let value = (bytes[this.at++] as number) & full;
    if (value < full) return value;
    let factor = 1;
    for (let octets = 0; octets < 5; octets++) {
      if (this.at >= end) return TRUNCATED;
      const octet = bytes[this.at++] as number;
      // A product, because the fifth octet can reach beyond 32 bits.
      value += (octet & 0x7f) * factor;
      factor *= 128;
      if (octet < 0x80) return value <= 0x7fffffff ? value : OVERFLOW;
    }
    return OVERFLOW;
  }
}
