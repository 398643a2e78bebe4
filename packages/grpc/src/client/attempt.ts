import type { Fields, ResetCode } from "../exchange.js";
import type { CallSink, ResponseOutcome } from "../protocol/client-protocol.js";

/** Stands between an exchange and a call that may be tried again: what comes of an attempt that was given up ends in here. */
export class Attempt implements CallSink {
  #call: CallSink | undefined;

  constructor(call: CallSink) {
    this.#call = call;
  }

  /** The call has nothing to do with this attempt any more. */
  leave(): void {
    this.#call = undefined;
  }

  head(status: number, fields: Fields): void {
    this.#call?.head(status, fields);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#call?.data(bytes, start, end);
  }

  turn(): unknown {
    return this.#call?.turn();
  }

  end(trailers: Fields): unknown {
    return this.#call?.end(trailers);
  }

  ended(outcome: ResponseOutcome): void {
    this.#call?.ended(outcome);
  }

  writable(): void {
    this.#call?.writable();
  }

  closed(code: ResetCode | undefined, reason?: Error): void {
    this.#call?.closed(code, reason);
  }
}
