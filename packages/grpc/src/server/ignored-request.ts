import type { Exchange, Sink } from "../exchange.js";

/** Takes what still comes of a request that has been answered already. */
export class IgnoredRequest implements Sink {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  data(_bytes: Uint8Array, start: number, end: number): void {
    this.#exchange.consumed(end - start);
  }

  closed(): void {
    this.#exchange.release();
  }

  head(): void {}
  turn(): void {}
  end(): void {}
  writable(): void {}
}
