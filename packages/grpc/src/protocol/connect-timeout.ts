/** Ten digits of milliseconds are 115 days. Source: connectrpc.com/docs/protocol, "Timeout-Milliseconds". */
const MAX_DIGITS = 10;

/**
 * Reads connect-timeout-ms: up to ten digits.
 *
 * @returns milliseconds, or undefined if the value is none
 */
export function parseConnectTimeout(value: string): number | undefined {
  return /^[0-9]{1,10}$/.test(value) ? Number(value) : undefined;
}

/** Writes connect-timeout-ms: whole milliseconds, not less than are left, and at least 0. */
export function formatConnectTimeout(milliseconds: number): string {
  return String(Math.min(10 ** MAX_DIGITS - 1, Math.max(0, Math.ceil(milliseconds))));
}
