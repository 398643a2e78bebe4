import type { Limits } from "./limits.js";

/** What is due: nothing, the last GOAWAY, or the end of the streams that are left. */
export type DrainAction = "none" | "settle" | "cut";

/**
 * The end of a connection without losing a request that is on its way (RFC 9113, section 6.8):
 *
 *     GOAWAY(2^31-1), PING -> its answer, or drainPingMs -> GOAWAY(last stream) -> last stream's end, or drainGraceMs
 */
export class Drain {
  /** The last GOAWAY is out: it says which streams will be answered. */
  isSettled = false;
  readonly #limits: Limits;
  /** A drain begins between two ticks, where no clock is at hand: it counts from the next. */
  #startedAt: number | undefined = undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  check(now: number): DrainAction {
    this.#startedAt ??= now;
    if (now < this.#startedAt + this.#wait) return "none";
    return this.isSettled ? "cut" : "settle";
  }

  /** When `check()` will next have something to say. */
  deadline(now: number): number {
    return (this.#startedAt ?? now) + this.#wait;
  }

  get #wait(): number {
    const { drainGraceMs, drainPingMs } = this.#limits;
    return this.isSettled ? drainGraceMs : Math.min(drainPingMs, drainGraceMs);
  }
}
