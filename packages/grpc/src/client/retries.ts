import type { RpcError } from "../call/rpc-error.js";
import type { Exchange, Fields } from "../exchange.js";
import { fieldValues } from "../fields.js";
import type { CallSink } from "../protocol/client-protocol.js";
import { PUSHBACK } from "../protocol/metadata.js";
import { Attempt } from "./attempt.js";
import type { RetryPolicy } from "./retry-policy.js";

/** How much of a stream of requests is kept to be sent again: past it, the call is not tried again. grpc-js 1 MiB. */
const KEPT_BYTES = 1_048_576;

interface Range {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** The attempts of one call: whether there is another one, when, and what must be sent again. */
export class Retries {
  /** How many attempts were begun. */
  attempts = 1;
  /** Whether something of the response has come: the call is not tried again. */
  isCommitted = false;
  readonly #policy: RetryPolicy;
  readonly #call: CallSink;
  readonly #keepsRequests: boolean;
  #attempt: Attempt | undefined = undefined;
  /** Whether the attempt that runs, or is about to, is the last. */
  #isLast = false;
  #isBetween = false;
  #kept: Range[] = [];
  #keptBytes = 0;
  /** Backoffs since the first attempt, or since the server said how long to wait. */
  #waits = 0;
  #stopWaiting: (() => void) | undefined = undefined;

  constructor(policy: RetryPolicy, call: CallSink, keepsRequests: boolean) {
    this.#policy = policy;
    this.#call = call;
    this.#keepsRequests = keepsRequests;
  }

  /** The sink for the exchange of the next attempt. */
  attempt(): CallSink {
    this.#attempt = new Attempt(this.#call);
    return this.#attempt;
  }

  /** Keeps what was sent: bytes[start, end). */
  keep(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#keepsRequests || (this.#isLast && !this.#isBetween)) return;
    this.#kept.push({ bytes, start, end });
    this.#keptBytes += end - start;
    if (this.#keptBytes <= KEPT_BYTES) return;
    this.#isLast = true;
    // What came between two attempts has not left yet.
    if (!this.#isBetween) this.#kept = [];
  }

  /** Sends again what was kept. Returns false if it must be waited for room. */
  replay(exchange: Exchange): boolean {
    this.#isBetween = false;
    let hasRoom = true;
    for (const { bytes, start, end } of this.#kept) hasRoom = exchange.write(bytes, start, end);
    if (this.#isLast) this.#kept = [];
    return hasRoom;
  }

  /** Something of the response has come. */
  commit(): void {
    this.isCommitted = true;
    this.#isLast = true;
    this.#kept = [];
  }

  /**
   * An attempt has failed. If there is another one, the call hears no more of this one.
   *
   * @param trailers what the server said
   * @param begin begins it, after the backoff
   */
  again(error: RpcError, trailers: Fields, begin: () => void): boolean {
    if (this.isCommitted) return false;
    const { figures, throttle, clock } = this.#policy;
    const pushbackMs = readPushback(trailers);
    if (pushbackMs === "never") {
      throttle?.failed();
      return false;
    }
    if (!figures.codes.has(error.code)) return false;
    throttle?.failed();
    if (throttle?.allows === false || this.#isLast || this.attempts >= figures.maxAttempts) return false;
    this.attempts++;
    if (pushbackMs !== undefined) this.#waits = 0;
    const waitMs = pushbackMs ?? this.#policy.backoffMs(this.#waits++);
    this.#attempt?.leave();
    this.#isBetween = true;
    this.#stopWaiting = clock.after(waitMs, () => {
      this.#stopWaiting = undefined;
      begin();
    });
    return true;
  }

  /** The call has ended. */
  over(error: RpcError | undefined): void {
    this.#stopWaiting?.();
    this.#kept = [];
    if (error === undefined) this.#policy.throttle?.succeeded();
  }
}

/** How many milliseconds the server wants a client to wait; "never": it wants no other attempt. Source: gRFC A6, "Pushback". */
function readPushback(trailers: Fields): number | "never" | undefined {
  const [value, ...more] = fieldValues(trailers, PUSHBACK);
  if (value === undefined) return undefined;
  return more.length === 0 && /^[0-9]{1,10}$/.test(value) ? Number(value) : "never";
}
