import { checkOptions, type Expectations, numberFrom } from "../options.js";
import type { Clock } from "./clock.js";

/** How long to leave a server alone that could not be reached. Defaults and their source: gRPC's connection-backoff.md. */
export interface BackoffOptions {
  /** Milliseconds from the start of the first failed attempt to that of the next. Default 1000. */
  readonly initialMs: number;
  /** How much longer each further wait is. Default 1.6. */
  readonly multiplier: number;
  /** By which part of itself a wait varies, so that clients do not come back together. Default 0.2. */
  readonly jitter: number;
  /** Milliseconds, the longest wait before jitter. Default 120,000. */
  readonly maxMs: number;
  /** Milliseconds that an attempt may take, however short the wait. Default 20,000. */
  readonly minConnectMs: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = Object.freeze({
  initialMs: 1000,
  multiplier: 1.6,
  jitter: 0.2,
  maxMs: 120_000,
  minConnectMs: 20_000,
});

const EXPECTED: Expectations<BackoffOptions> = {
  initialMs: numberFrom(0),
  multiplier: numberFrom(1),
  jitter: numberFrom(0, 1),
  maxMs: numberFrom(0),
  minConnectMs: numberFrom(0),
};

/** @throws {TypeError | RangeError} for what is no option, or out of its range */
export function backoffOf(given: Partial<BackoffOptions> = {}): BackoffOptions {
  checkOptions("backoff", given, EXPECTED);
  return Object.freeze({ ...DEFAULT_BACKOFF, ...given });
}

/** The waits between attempts: exponential, with jitter. Counted from the start of an attempt, so a slow failure waits less. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #clock: Clock;
  #waitMs: number;
  #retryAt = 0;

  constructor(options: BackoffOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#waitMs = options.initialMs;
  }

  /** Milliseconds until the next attempt may start. */
  get leftMs(): number {
    return Math.max(0, this.#retryAt - this.#clock.now());
  }

  /**
   * An attempt starts.
   *
   * @returns how many milliseconds it may take
   */
  start(): number {
    const { multiplier, jitter, maxMs, minConnectMs } = this.#options;
    const waitMs = this.#waitMs * (1 + jitter * (2 * this.#clock.random() - 1));
    this.#retryAt = this.#clock.now() + waitMs;
    this.#waitMs = Math.min(maxMs, this.#waitMs * multiplier);
    return Math.max(waitMs, minConnectMs);
  }

  /** The attempt has succeeded. */
  reset(): void {
    this.#waitMs = this.#options.initialMs;
    this.#retryAt = 0;
  }
}
