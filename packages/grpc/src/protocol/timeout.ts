/** Milliseconds in each unit of grpc-timeout. Source: PROTOCOL-HTTP2.md, "TimeoutUnit". */
const UNITS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

const MAX_DIGITS = 8;

/**
 * Reads grpc-timeout: up to eight digits and a unit.
 *
 * @returns milliseconds, or undefined if the value is none
 */
export function parseTimeout(value: string): number | undefined {
  const last = value.length - 1;
  if (last < 1 || last > MAX_DIGITS) return undefined;
  let count = 0;
  // Not a regular expression: callers that set deadlines send another value with every call.
  for (let i = 0; i < last; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    count = count * 10 + digit;
  }
  const unit = UNITS[value.charAt(last)];
  return unit === undefined ? undefined : count * unit;
}

/** Writes grpc-timeout in the finest unit that eight digits hold. Less than a nanosecond counts as none left. */
export function formatTimeout(milliseconds: number): string {
  for (const unit of ["u", "m", "S", "M", "H"]) {
    const count = Math.max(0, Math.ceil(milliseconds / (UNITS[unit] ?? 1)));
    if (count < 10 ** MAX_DIGITS) return `${count}${unit}`;
  }
  return `99999999H`;
}
