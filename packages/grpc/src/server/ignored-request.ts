import type { Exchange, Sink } from "../exchange.js";

/** Takes what still comes of a request that nobody reads. */
export class IgnoredRequest implements Sink {
  readonly #exchange: Exchange;
  readonly #answer: (() => void) | undefined;

  /** @param answer for a request that is answered when it has ended; undefined: it has been answered already */
  constructor(exchange: Exchange, answer?: () => void) {
    this.#exchange = exchange;
    this.#answer = answer;
  }

  data(_bytes: Uint8Array, start: number, end: number): void {
    this.#exchange.consumed(end - start);
  }

  closed(): void {
    this.#exchange.release();
  }

  end(): void {
    this.#answer?.();
  }

  head(): void {}
  turn(): void {}
  writable(): void {}
}
