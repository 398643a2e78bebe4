import type { Clock } from "../src/carrier/clock.js";

/** A clock that moves when it is told to, and chance that is always the same. */
export class FakeClock implements Clock {
  readonly #random: number;
  readonly #due = new Set<{ at: number; callback: () => void }>();
  #now = 0;

  constructor(random = 0.5) {
    this.#random = random;
  }

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.#random;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#due.add(timer);
    return () => this.#due.delete(timer);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#due.size;
  }

  /** Moves on, and calls back what is due. */
  advance(ms: number): void {
    this.#now += ms;
    for (const timer of this.#due) {
      if (timer.at > this.#now) continue;
      this.#due.delete(timer);
      timer.callback();
    }
  }
}
