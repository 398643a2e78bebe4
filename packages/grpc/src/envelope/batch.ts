/** Turns bytes[start, end) into a message. The bytes up to `finalEnd` (default: `end`) are here, too, and never change. */
export type Decode<T> = (bytes: Uint8Array, start: number, end: number, finalEnd?: number) => T;

/**
 * Whole messages that arrived together, without their prefixes. Message i lies in bytes[starts[i], ends[i]). Iterating decodes
 * one message at a time.
 */
export class Batch<T> implements Iterable<T> {
  /** How many messages there are. `starts` and `ends` may be longer. */
  readonly count: number;
  /** What the read brought, other messages and their prefixes among it. */
  readonly bytes: Uint8Array;
  /** Where each message begins in `bytes`. */
  readonly starts: Int32Array;
  /** Where each message ends: the index of the first byte behind it. */
  readonly ends: Int32Array;
  readonly #decode: Decode<T>;

  constructor(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number, decode: Decode<T>) {
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
    this.count = count;
    this.#decode = decode;
  }

  /** Message i, decoded; i is less than `count`. */
  at(i: number): T {
    return this.#decode(this.bytes, this.starts[i] ?? 0, this.ends[i] ?? 0, this.ends[this.count - 1]);
  }

  /** The messages, decoded one by one. Not a generator: a loop over this is compiled with what it calls. */
  [Symbol.iterator](): IterableIterator<T> {
    return new Messages(this);
  }
}

class Messages<T> implements IterableIterator<T> {
  readonly #batch: Batch<T>;
  #next = 0;

  constructor(batch: Batch<T>) {
    this.#batch = batch;
  }

  next(): IteratorResult<T, undefined> {
    if (this.#next >= this.#batch.count) return { done: true, value: undefined };
    return { done: false, value: this.#batch.at(this.#next++) };
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this;
  }
}

/** How many bytes the first `count` messages have. */
export function bytesIn(starts: ArrayLike<number>, ends: ArrayLike<number>, count: number): number {
  let bytes = 0;
  for (let i = 0; i < count; i++) bytes += (ends[i] ?? 0) - (starts[i] ?? 0);
  return bytes;
}
