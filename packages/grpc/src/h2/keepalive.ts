import type { Limits } from "./limits.js";

/** What is due: nothing, a PING, or the end of a connection whose peer has gone silent. */
export type KeepaliveAction = "none" | "ping" | "dead";

/** Asks a silent peer whether it is still there. Any byte is an answer. */
export class Keepalive {
  readonly #limits: Limits;
  #receivedAt: number;
  /** When the PING left since which nothing was received. */
  #pingAt: number | undefined = undefined;

  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#receivedAt = now;
  }

  received(now: number): void {
    this.#receivedAt = now;
    this.#pingAt = undefined;
  }

  check(now: number): KeepaliveAction {
    if (now < this.deadline) return "none";
    if (this.#pingAt !== undefined) return "dead";
    this.#pingAt = now;
    return "ping";
  }

  /** When `check()` will next have something to say. */
  get deadline(): number {
    if (this.#pingAt !== undefined) return this.#pingAt + this.#limits.keepaliveTimeoutMs;
    return this.#limits.keepaliveMs > 0 ? this.#receivedAt + this.#limits.keepaliveMs : Number.POSITIVE_INFINITY;
  }
}
