const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const MAX_DECIMALS = 7;

/**
 * Reads degrees as gazetteers write them, bytes[start, end): an optional minus, one to three digits, a point, one to seven digits.
 *
 * @returns E7, exactly; NaN if it is written in any other way, right or wrong
 */
export function plainDegreesE7(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  const digits = isNegative ? start + 1 : start;
  let point = -1;
  let value = 0;
  for (let at = digits; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === POINT && point < 0) {
      point = at;
    } else {
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
  }
  const decimals = end - 1 - point;
  if (point < digits + 1 || point > digits + 3 || decimals < 1 || decimals > MAX_DECIMALS) return Number.NaN;
  // At most ten digits, so that value is exact. Adding 0 makes -0 an integer like any other.
  for (let i = decimals; i < MAX_DECIMALS; i++) value *= 10;
  return (isNegative ? -value : value) + 0;
}

/**
 * Reads an integer that can only be E7, as parseCoordinates() decides: bytes[start, end) is an optional minus and four to ten digits, the
 * first of them not 0.
 *
 * @returns NaN if it is anything else
 */
export function plainE7(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === MINUS;
  const digits = isNegative ? start + 1 : start;
  if (end - digits < 4 || end - digits > 10 || bytes[digits] === ZERO) return Number.NaN;
  let value = 0;
  for (let at = digits; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}
