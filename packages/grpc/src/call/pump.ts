import { EncodeError } from "../message/codec-error.js";
import { shown } from "../shown.js";
import { Envelopes } from "./envelopes.js";
import { isPromiseLike, type Later } from "./promise-like.js";

/** Something to iterate, at once or as it comes. */
export type Many<T> = Iterable<T> | AsyncIterable<T>;

/**
 * A stream of one's own making that costs no promise: what is there is given at once, and for what comes later `next()` gives
 * something that calls back, within the turn in which it has come. An AsyncIterable is one.
 */
export interface Source<T> {
  [Symbol.asyncIterator](): SourceIterator<T>;
}

/** What a {@link Source} gives its messages by: an iterator whose results may come later without a promise. */
export interface SourceIterator<T> {
  /** Is not called again before it has given. */
  next(): IteratorResult<T, unknown> | Later<IteratorResult<T, unknown>>;
  /** Nobody wants more: nothing is to be given any more, even if it was asked for. */
  return?(value?: unknown): unknown;
}

/** A call whose messages a {@link Pump} sends. */
export interface Pumped {
  /** Whether nothing can be sent any more. */
  readonly hasEnded: boolean;
  /** Appends a message to the output: out.bytes[out.mark, out.at). */
  append(message: unknown): void;
  readonly out: { readonly bytes: Uint8Array; readonly mark: number; readonly at: number };
  /** Sends bytes[start, end). Returns false if it must be waited for room. */
  sendRange(bytes: Uint8Array, start: number, end: number, count: number): boolean;
  /** The messages in finished envelopes, if those cannot leave as they are: then they are sent as any others. */
  unpack(envelopes: Envelopes): Iterator<unknown> | undefined;
  /** The iterator has given its last message. */
  succeed(): void;
  /** The iterator has failed, or what it gave cannot be sent. */
  fail(reason: unknown): void;
}

/** Messages of a plain generator leave together in writes of this size. */
const BURST_BYTES = 32 * 1024;

type AnyResult = IteratorResult<unknown, unknown>;

type State =
  | "idle"
  /** The iterator's code is on the stack. */
  | "running"
  /** The iterator has promised the next message. */
  | "waiting"
  /** The iterator has given its last message, has thrown, or was told to stop. */
  | "done";

/**
 * Pulls messages out of an iterator and sends them: all that it gives at once in large writes, the rest as it comes. While the
 * peer does not keep up, nothing is pulled.
 */
export class Pump {
  readonly #call: Pumped;
  readonly #iterator: Iterator<unknown> | SourceIterator<unknown>;
  #state: State = "idle";
  #isBlocked = false;
  #onStopped: ((failure?: { readonly reason: unknown }) => void) | undefined = undefined;
  /** What is left of finished envelopes that cannot leave as they are. A few bytes hold many, so they wait for room one by one. */
  #unpacked: Iterator<unknown> | undefined;
  /** Messages that were appended and not sent yet: bytes[start, end). */
  #bytes: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  #count = 0;

  constructor(call: Pumped, messages: Many<unknown> | Source<unknown>) {
    this.#call = call;
    this.#iterator = iteratorOf(messages);
  }

  /** Goes on until the iterator makes us wait, or the peer does, or there is no more. */
  run(): void {
    if (this.#state !== "idle") return;
    try {
      while (!this.#isBlocked && !this.#call.hasEnded) {
        if (this.#unpacked !== undefined) {
          this.#takeUnpacked(this.#unpacked);
          continue;
        }
        this.#state = "running";
        const result: AnyResult | Later<AnyResult> = this.#iterator.next();
        if ("then" in result) {
          this.#state = "waiting";
          this.#flush();
          result.then(this.#onResult, this.#onError);
          return;
        }
        this.#state = "idle";
        if (!this.#take(result)) return;
      }
      this.#flush();
    } catch (error) {
      this.#onError(error);
    }
    // The call ended while the iterator's own code was on the stack.
    if (this.#onStopped !== undefined) this.stop(this.#onStopped);
  }

  /** There is room again. */
  resume(): void {
    this.#isBlocked = false;
    this.run();
  }

  /**
   * Pulls no more, and lets the iterator clean up.
   *
   * @param stopped called when the iterator's code runs no more, with what it threw while it cleaned up, if it did
   */
  stop(stopped: (failure?: { readonly reason: unknown }) => void): void {
    if (this.#state === "done") {
      stopped();
    } else if (this.#state === "running" || (this.#state === "waiting" && this.#iterator.return === undefined)) {
      this.#onStopped = stopped;
    } else {
      this.#state = "done";
      this.#return(stopped);
    }
  }

  #return(stopped: (failure?: { readonly reason: unknown }) => void): void {
    try {
      const result: unknown = this.#iterator.return?.(undefined);
      if (isPromiseLike(result)) {
        result.then(
          () => stopped(),
          (reason: unknown) => stopped({ reason }),
        );
        return;
      }
    } catch (reason) {
      stopped({ reason });
      return;
    }
    stopped();
  }

  readonly #onResult = (result: AnyResult): void => {
    if (this.#call.hasEnded) {
      this.#state = "done";
      this.#onStopped?.();
      return;
    }
    this.#state = "idle";
    try {
      if (!this.#take(result)) return;
      this.#flush();
    } catch (error) {
      this.#onError(error);
      return;
    }
    this.run();
  };

  readonly #onError = (error: unknown): void => {
    // Idle: it is not the iterator that failed, but what it gave cannot be sent.
    if (this.#state !== "idle") this.#state = "done";
    this.#flush();
    this.#call.fail(error);
  };

  /** Takes what the iterator gave; false: it was the last. */
  #take(result: AnyResult): boolean {
    if (result.done === true) {
      this.#state = "done";
      this.#flush();
      this.#call.succeed();
      return false;
    }
    const { value } = result;
    if (value instanceof Envelopes) {
      this.#unpacked = this.#call.unpack(value);
      if (this.#unpacked !== undefined) return true;
      this.#flush();
      if (!this.#call.sendRange(value.bytes, value.start, value.end, value.count)) this.#isBlocked = true;
      return true;
    }
    this.#append(value);
    return true;
  }

  #takeUnpacked(messages: Iterator<unknown>): void {
    const next = messages.next();
    if (next.done === true) this.#unpacked = undefined;
    else this.#append(next.value);
  }

  #append(message: unknown): void {
    const { out } = this.#call;
    this.#call.append(message);
    // A call within the iterator may have written in between, or the slab may be a new one.
    if (this.#bytes !== out.bytes || this.#end !== out.mark) {
      this.#flush();
      this.#bytes = out.bytes;
      this.#start = out.mark;
    }
    this.#end = out.at;
    this.#count++;
    if (this.#end - this.#start >= BURST_BYTES) this.#flush();
  }

  #flush(): void {
    const bytes = this.#bytes;
    if (bytes === undefined) return;
    this.#bytes = undefined;
    const count = this.#count;
    this.#count = 0;
    if (this.#call.hasEnded) return;
    if (!this.#call.sendRange(bytes, this.#start, this.#end, count)) this.#isBlocked = true;
  }
}

/** @throws {EncodeError} for what cannot be iterated, which programs without types may give: one message, say */
function iteratorOf(messages: Many<unknown> | Source<unknown>): Iterator<unknown> | SourceIterator<unknown> {
  if (typeof messages === "object" && messages !== null) {
    if (Symbol.asyncIterator in messages) return messages[Symbol.asyncIterator]();
    if (Symbol.iterator in messages) return messages[Symbol.iterator]();
  }
  throw new EncodeError(
    `expected a stream of messages, such as a generator's or an array: ${shown(messages)} cannot be iterated`,
  );
}
