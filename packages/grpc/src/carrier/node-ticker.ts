/** What has something to do as time passes. */
export interface Ticking {
  tick(now: number): void;
}

/** Often enough for limits that are seconds, and one timer for all connections. */
const TICK_MS = 1000;

/** Ticks once a second whatever is added, as long as something is. It does not keep the process alive. */
export class Ticker {
  readonly #ticking = new Set<Ticking>();
  #timer: NodeJS.Timeout | undefined;

  add(ticking: Ticking): void {
    this.#ticking.add(ticking);
    // Node runs timers before it reads: after a stall of the process, what came meanwhile must count before anybody is given up.
    this.#timer ??= setInterval(() => setImmediate(() => this.#tick()), TICK_MS).unref();
  }

  delete(ticking: Ticking): void {
    this.#ticking.delete(ticking);
    if (this.#ticking.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    for (const ticking of this.#ticking) ticking.tick(now);
  }
}
