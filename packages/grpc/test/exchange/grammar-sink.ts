import type { Fields, ResetCode, Sink } from "../../src/exchange.js";

type State = "start" | "headed" | "data" | "turned" | "ended" | "closed";

/** Holds what an engine calls against the seam's grammar, and passes it on. A sink must not throw, so it collects what is wrong. */
export class GrammarSink implements Sink {
  readonly #side: "client" | "server";
  readonly #inner: Sink;
  readonly #violations: string[];
  #state: State;

  constructor(side: "client" | "server", inner: Sink, violations: string[]) {
    this.#side = side;
    this.#inner = inner;
    this.#violations = violations;
    this.#state = side === "client" ? "start" : "turned";
  }

  head(status: number, fields: Fields): void {
    this.#check(this.#side === "client", "head is for clients");
    this.#go("head", ["start"], "headed");
    this.#check(status >= 200 && status < 600, `status ${status}`);
    this.#check(!fields.some((text, i) => i % 2 === 0 && text.startsWith(":")), "a pseudo-header field came up");
    this.#inner.head(status, fields);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#go("data", ["headed", "data", "turned"], "data");
    this.#check(start >= 0 && start < end && end <= bytes.length, `data from ${start} to ${end} of ${bytes.length}`);
    this.#inner.data(bytes, start, end);
  }

  turn(): unknown {
    this.#go("turn", ["data"], "turned");
    return this.#inner.turn();
  }

  end(trailers: Fields): unknown {
    this.#go("end", ["headed", "data", "turned"], "ended");
    this.#check(this.#side === "client" || trailers.length === 0, "a request came with trailers");
    return this.#inner.end(trailers);
  }

  writable(): void {
    this.#check(this.#state !== "closed", "writable after closed");
    this.#inner.writable();
  }

  closed(code: ResetCode | undefined): void {
    this.#check(code !== undefined || this.#state === "ended", "closed by itself before the peer's end");
    this.#go("closed", ["start", "headed", "data", "turned", "ended"], "closed");
    this.#inner.closed(code);
  }

  #go(what: string, from: readonly State[], to: State): void {
    this.#check(from.includes(this.#state), `${what} after ${this.#state}`);
    this.#state = to;
  }

  #check(holds: boolean, violation: string): void {
    if (!holds) this.#violations.push(`${this.#side}: ${violation}`);
  }
}
