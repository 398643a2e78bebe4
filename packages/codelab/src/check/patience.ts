/**
 * Upper bounds, in milliseconds. A check waits for what happens, never for time to pass: these only say when a program that hangs is
 * given up, and are long enough for a busy machine.
 */
export const PATIENCE = {
  /** From the start of a server until it listens. */
  listening: 30_000,
  /** For one answer, and for anything else that should happen at once. */
  answer: 5_000,
  /** For a program that should end by itself. */
  ending: 15_000,
  /** For the probe in a program to answer: past it, the program's event loop is blocked. */
  probe: 5_000,
} as const;
