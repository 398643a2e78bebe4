import type { Code } from "../call/code.js";
import type { Clock } from "../carrier/clock.js";
import type { CallSink } from "../protocol/client-protocol.js";
import { Retries } from "./retries.js";
import type { RetryThrottle } from "./retry-throttle.js";

/** When a method's calls are tried again, and after how long. Source: gRFC A6. */
export interface RetryFigures {
  /** How often a call is tried in all. */
  readonly maxAttempts: number;
  /** Milliseconds before the second attempt, give or take a fifth. */
  readonly initialBackoffMs: number;
  /** The longest wait in milliseconds, give or take a fifth. */
  readonly maxBackoffMs: number;
  /** How much longer each further wait is. */
  readonly backoffMultiplier: number;
  readonly codes: ReadonlySet<Code>;
}

/** By which part of itself a wait varies, so that clients do not come back together. */
const JITTER = 0.2;

/** One retry policy of a service config. */
export class RetryPolicy {
  readonly figures: RetryFigures;
  /** What all calls to this service share. */
  readonly throttle: RetryThrottle | undefined;
  readonly clock: Clock;

  constructor(figures: RetryFigures, throttle: RetryThrottle | undefined, clock: Clock) {
    this.figures = figures;
    this.throttle = throttle;
    this.clock = clock;
  }

  /**
   * Begins to watch over a call.
   *
   * @param keepsRequests whether what is sent must be kept, to be sent again: the call does not hold it itself
   */
  begin(call: CallSink, keepsRequests: boolean): Retries {
    return new Retries(this, call, keepsRequests);
  }

  /** The wait in milliseconds after so many waits. */
  backoffMs(waits: number): number {
    const { initialBackoffMs, maxBackoffMs, backoffMultiplier } = this.figures;
    const waitMs = Math.min(maxBackoffMs, initialBackoffMs * backoffMultiplier ** waits);
    return waitMs * (1 + JITTER * (2 * this.clock.random() - 1));
  }
}
