import type { Accept, Exchange, Sink } from "@routeguide/grpc";

/**
 * Lets calls come in before there is anybody to answer them: they wait, and go on in their order when it opens. What a call may
 * send meanwhile is bounded by its receive window, for nothing of it is given back.
 */
export class Gate {
  #accept: Accept | undefined = undefined;
  readonly #waiting = new Set<WaitingCall>();

  readonly accept: Accept = (exchange) => {
    if (this.#accept !== undefined) return this.#accept(exchange);
    const call = new WaitingCall(exchange, () => this.#waiting.delete(call));
    this.#waiting.add(call);
    return call;
  };

  open(accept: Accept): void {
    this.#accept = accept;
    for (const call of this.#waiting) call.go(accept);
    this.#waiting.clear();
  }
}

/** Keeps what comes until the call's own sink is there, then passes everything on. */
class WaitingCall implements Sink {
  readonly #exchange: Exchange;
  readonly #left: () => void;
  #sink: Sink | undefined = undefined;
  readonly #kept: ((sink: Sink) => void)[] = [];

  constructor(exchange: Exchange, left: () => void) {
    this.#exchange = exchange;
    this.#left = left;
  }

  go(accept: Accept): void {
    const sink = accept(this.#exchange);
    this.#sink = sink;
    for (const pass of this.#kept.splice(0)) pass(sink);
  }

  head(): void {
    // Heads of responses come to clients.
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#pass((sink) => sink.data(bytes, start, end));
  }

  turn(): void {
    this.#pass((sink) => sink.turn());
  }

  end(trailers: readonly string[]): void {
    this.#pass((sink) => sink.end(trailers));
  }

  writable(): void {
    this.#pass((sink) => sink.writable());
  }

  closed(code: number | undefined): void {
    if (this.#sink !== undefined) {
      this.#sink.closed(code);
      return;
    }
    this.#left();
    this.#exchange.release();
  }

  #pass(event: (sink: Sink) => void): void {
    if (this.#sink === undefined) this.#kept.push(event);
    else event(this.#sink);
  }
}
