import type { Compression } from "./compression.js";
import { COMPRESSED, declaredLength, PREFIX_BYTES } from "./prefix.js";
import { rangeArray } from "./range-array.js";

/** What is wrong with a stream of envelopes. */
export type EnvelopeFault =
  | { readonly kind: "too-large"; readonly bytes: number | undefined; readonly maxBytes: number }
  | { readonly kind: "unexpected-compression" }
  | { readonly kind: "malformed-compression"; readonly encoding: string }
  | { readonly kind: "unknown-flags"; readonly flags: number }
  | { readonly kind: "after-end" };

/** Ranges of whole messages in one Uint8Array. */
export interface Ranges {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

/** No message that is received may be larger: ranges are kept in 32 bits. */
export const MOST_READ_BYTES = 2 ** 31 - 1;

const FIRST_CAPACITY = 8;

/** What is reserved for a message of which only the prefix has come. */
const FIRST_PART_BYTES = 16_384;

/**
 * Splits a body, which comes in pieces, into its messages. Whole messages stay where they came in; a message that comes in parts
 * is copied into a buffer of its own, so that a stalled stream holds on to no more than what it sent.
 *
 * The declared length of a message is checked before a byte is reserved for it.
 */
export class Splitter {
  readonly #maxBytes: number;
  readonly #compression: Compression | undefined;
  /** The flag that marks the last envelope of a body, which is not a message (gRPC-Web, Connect); 0: there is none. */
  readonly #endFlag: number;
  #ready: Ranges[] = [];
  #bytes: Uint8Array | undefined;
  #starts: Int32Array = rangeArray(FIRST_CAPACITY);
  #ends: Int32Array = rangeArray(FIRST_CAPACITY);
  #count = 0;
  /** The envelope that has begun: its prefix as far as it came, and once that is whole, its message. */
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixBytes = 0;
  #message: Uint8Array | undefined;
  #messageBytes = 0;
  #messageLength = 0;
  /** What the envelope with the end flag held. */
  endMessage: Uint8Array | undefined;
  /** Messages that have become whole so far. */
  total = 0;

  /** @param maxBytes the largest message, at most {@link MOST_READ_BYTES} */
  constructor(maxBytes: number, compression: Compression | undefined, endFlag = 0) {
    this.#maxBytes = maxBytes;
    this.#compression = compression;
    this.#endFlag = endFlag;
  }

  /** Whether the body must not end here: an envelope has begun and is not whole. */
  get isPartial(): boolean {
    return this.#prefixBytes > 0;
  }

  /** Takes bytes[start, end) of the body. */
  push(bytes: Uint8Array, start: number, end: number): EnvelopeFault | undefined {
    let at = start;
    while (at < end) {
      if (this.endMessage !== undefined) return { kind: "after-end" };
      if (this.#prefixBytes === 0 && end - at >= PREFIX_BYTES) {
        const length = declaredLength(bytes, at);
        const messageEnd = at + PREFIX_BYTES + length;
        if (messageEnd <= end && length <= this.#maxBytes) {
          const fault = this.#whole(bytes[at] ?? 0, bytes, at + PREFIX_BYTES, messageEnd);
          if (fault !== undefined) return fault;
          at = messageEnd;
          continue;
        }
      }
      const taken = this.#takePart(bytes, at, end);
      if (typeof taken !== "number") return taken;
      at = taken;
    }
    return undefined;
  }

  /** The next messages that are whole, in order. */
  take(): Ranges | undefined {
    if (this.#ready.length === 0) this.#close();
    return this.#ready.shift();
  }

  /** Goes on with an envelope that does not lie whole in what came. Returns where the next byte to look at is. */
  #takePart(bytes: Uint8Array, start: number, end: number): number | EnvelopeFault {
    let at = start;
    while (this.#prefixBytes < PREFIX_BYTES) {
      if (at === end) return at;
      this.#prefix[this.#prefixBytes++] = bytes[at++] ?? 0;
    }
    if (this.#message === undefined) {
      this.#messageLength = declaredLength(this.#prefix, 0);
      if (this.#messageLength > this.#maxBytes) {
        return { kind: "too-large", bytes: this.#messageLength, maxBytes: this.#maxBytes };
      }
      this.#message = new Uint8Array(Math.min(this.#messageLength, FIRST_PART_BYTES));
      this.#messageBytes = 0;
    }
    const count = Math.min(this.#messageLength - this.#messageBytes, end - at);
    const message = this.#roomFor(this.#message, this.#messageBytes + count);
    // A loop of bytes is quicker than a view and a copy for what is left of a small message.
    if (count < 32) for (let i = 0; i < count; i++) message[this.#messageBytes + i] = bytes[at + i] ?? 0;
    else message.set(bytes.subarray(at, at + count), this.#messageBytes);
    this.#messageBytes += count;
    at += count;
    if (this.#messageBytes < this.#messageLength) return at;
    this.#message = undefined;
    this.#prefixBytes = 0;
    return this.#whole(this.#prefix[0] ?? 0, message, 0, this.#messageLength) ?? at;
  }

  /** Doubles the buffer of a message as it arrives: what is declared and not sent costs nothing. */
  #roomFor(message: Uint8Array, bytes: number): Uint8Array {
    if (bytes <= message.length) return message;
    const larger = new Uint8Array(Math.min(this.#messageLength, Math.max(bytes, message.length * 2)));
    larger.set(message.subarray(0, this.#messageBytes));
    this.#message = larger;
    return larger;
  }

  #whole(flags: number, bytes: Uint8Array, start: number, end: number): EnvelopeFault | undefined {
    if (flags === 0) {
      this.#add(bytes, start, end);
      return undefined;
    }
    const isEnd = this.#endFlag !== 0 && (flags & this.#endFlag) !== 0;
    if ((flags & ~(COMPRESSED | this.#endFlag)) !== 0) return { kind: "unknown-flags", flags };
    if ((flags & COMPRESSED) === 0) {
      if (isEnd) this.endMessage = bytes.slice(start, end);
      return undefined;
    }
    const compression = this.#compression;
    if (compression === undefined) return { kind: "unexpected-compression" };
    const inflated = compression.decompress(bytes.subarray(start, end), this.#maxBytes);
    if (inflated === "too-large") return { kind: "too-large", bytes: undefined, maxBytes: this.#maxBytes };
    if (inflated === "malformed") return { kind: "malformed-compression", encoding: compression.name };
    if (isEnd) this.endMessage = inflated;
    else this.#add(inflated, 0, inflated.length);
    return undefined;
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#bytes !== bytes) {
      this.#close();
      this.#bytes = bytes;
    } else if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
    }
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
    this.total++;
  }

  /** Puts the messages that lie in one Uint8Array among those that may be taken. */
  #close(): void {
    if (this.#bytes === undefined) return;
    this.#ready.push({ bytes: this.#bytes, starts: this.#starts, ends: this.#ends, count: this.#count });
    // As large as this one was filled: reads of a stream are alike.
    const capacity = Math.max(FIRST_CAPACITY, this.#count);
    this.#starts = rangeArray(capacity);
    this.#ends = rangeArray(capacity);
    this.#count = 0;
    this.#bytes = undefined;
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = rangeArray(array.length * 2);
  larger.set(array);
  return larger;
}
