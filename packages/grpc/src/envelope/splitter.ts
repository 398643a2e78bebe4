import { CompressedMessage } from "./compressed-message.js";
import type { Compression } from "./compression.js";
import { FREE_PART_BYTES, type HeldBytes } from "./held-bytes.js";
import { COMPRESSED, declaredLength, PREFIX_BYTES } from "./prefix.js";
import { rangeArray } from "./range-array.js";

/** What is wrong with a stream of envelopes. */
export type EnvelopeFault =
  | { readonly kind: "too-large"; readonly bytes: number | undefined; readonly maxBytes: number }
  | { readonly kind: "too-much-held"; readonly maxBytes: number }
  | { readonly kind: "unexpected-compression" }
  | { readonly kind: "malformed-compression"; readonly encoding: string }
  | { readonly kind: "unknown-flags"; readonly flags: number }
  | { readonly kind: "after-end" };

/** Ranges of whole messages in one Uint8Array. The prefix of a message stands before it, unless it came compressed. */
export interface Ranges {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

/** No message that is received may be larger: ranges are kept in 32 bits. */
export const MOST_READ_BYTES = 2 ** 31 - 1;

const FIRST_CAPACITY = 8;
const NO_RANGES = new Int32Array(0);

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
  /** Where messages that have come in part are counted. */
  readonly #held: HeldBytes | undefined;
  #ready: (Ranges | CompressedMessage)[] = [];
  #bytes: Uint8Array | undefined;
  #starts: Int32Array = NO_RANGES;
  #ends: Int32Array = NO_RANGES;
  #count = 0;
  /** As many as the last were, or twice as many as there is room for: reads of a stream are alike. */
  #capacity = FIRST_CAPACITY;
  /** The envelope that has begun: its prefix as far as it came, and once that is whole, all of it. */
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixBytes = 0;
  #envelope: Uint8Array | undefined;
  #envelopeBytes = 0;
  #envelopeLength = 0;
  /** What is counted for it, and for envelopes that have become whole and were not taken. */
  #heldOfPart = 0;
  #heldOfWhole = 0;
  /** What the envelope with the end flag held. */
  endMessage: Uint8Array | undefined;
  /** Messages that have become whole so far. */
  total = 0;

  /** @param maxBytes the largest message, at most {@link MOST_READ_BYTES} */
  constructor(maxBytes: number, compression: Compression | undefined, endFlag = 0, held?: HeldBytes) {
    this.#maxBytes = maxBytes;
    this.#compression = compression;
    this.#endFlag = endFlag;
    this.#held = held;
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

  /** The next messages that are whole, in order; one that came compressed is one by itself. */
  take(): Ranges | CompressedMessage | undefined {
    if (this.#heldOfWhole > 0) {
      this.#held?.give(this.#heldOfWhole);
      this.#heldOfWhole = 0;
    }
    return this.#ready.length > 0 ? this.#ready.shift() : this.#cut();
  }

  /** Gives ranges back that nobody looks at any more: what comes next may be written into them. */
  recycle({ starts, ends }: Ranges): void {
    if (this.#count > 0) return;
    this.#starts = starts;
    this.#ends = ends;
  }

  /** Nothing more comes, and nothing will be taken. */
  release(): void {
    this.#held?.give(this.#heldOfPart + this.#heldOfWhole);
    this.#heldOfPart = 0;
    this.#heldOfWhole = 0;
  }

  /** Goes on with an envelope that does not lie whole in what came. Returns where the next byte to look at is. */
  #takePart(bytes: Uint8Array, start: number, end: number): number | EnvelopeFault {
    let at = start;
    while (this.#prefixBytes < PREFIX_BYTES) {
      if (at === end) return at;
      this.#prefix[this.#prefixBytes++] = bytes[at++] ?? 0;
    }
    if (this.#envelope === undefined) {
      const length = declaredLength(this.#prefix, 0);
      if (length > this.#maxBytes) return { kind: "too-large", bytes: length, maxBytes: this.#maxBytes };
      this.#envelopeLength = PREFIX_BYTES + length;
      this.#envelope = new Uint8Array(Math.min(this.#envelopeLength, FREE_PART_BYTES));
      this.#envelope.set(this.#prefix);
      this.#envelopeBytes = PREFIX_BYTES;
    }
    const count = Math.min(this.#envelopeLength - this.#envelopeBytes, end - at);
    const envelope = this.#roomFor(this.#envelope, this.#envelopeBytes + count);
    if (envelope === undefined) return { kind: "too-much-held", maxBytes: this.#held?.maxBytes ?? 0 };
    // A loop of bytes is quicker than a view and a copy for what is left of a small message.
    if (count < 32) for (let i = 0; i < count; i++) envelope[this.#envelopeBytes + i] = bytes[at + i] ?? 0;
    else envelope.set(bytes.subarray(at, at + count), this.#envelopeBytes);
    this.#envelopeBytes += count;
    at += count;
    if (this.#envelopeBytes < this.#envelopeLength) return at;
    this.#envelope = undefined;
    this.#prefixBytes = 0;
    this.#heldOfWhole += this.#heldOfPart;
    this.#heldOfPart = 0;
    return this.#whole(this.#prefix[0] ?? 0, envelope, PREFIX_BYTES, this.#envelopeLength) ?? at;
  }

  /** Doubles the buffer of an envelope as it arrives: what is declared and not sent costs nothing. undefined: too much is held. */
  #roomFor(envelope: Uint8Array, bytes: number): Uint8Array | undefined {
    if (bytes <= envelope.length) return envelope;
    const length = Math.min(this.#envelopeLength, Math.max(bytes, envelope.length * 2));
    if (this.#held !== undefined) {
      if (!this.#held.take(length - envelope.length)) return undefined;
      this.#heldOfPart += length - envelope.length;
    }
    const larger = new Uint8Array(length);
    larger.set(envelope.subarray(0, this.#envelopeBytes));
    this.#envelope = larger;
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
      // Not slice(): a Buffer's gives a view.
      if (isEnd) this.endMessage = new Uint8Array(bytes.subarray(start, end));
      return undefined;
    }
    const compression = this.#compression;
    if (compression === undefined) return { kind: "unexpected-compression" };
    const message = new CompressedMessage(bytes.subarray(start, end), compression, this.#maxBytes);
    if (isEnd) {
      const inflated = message.inflate();
      if ("kind" in inflated) return inflated;
      this.endMessage = inflated.bytes;
      return undefined;
    }
    this.#close();
    this.#ready.push(message);
    this.total++;
    return undefined;
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    if (this.#bytes !== bytes) {
      this.#close();
      this.#bytes = bytes;
    }
    if (this.#count === this.#starts.length) this.#grow();
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
    this.total++;
  }

  /** What comes next is not in the ranges that have begun. */
  #close(): void {
    const before = this.#cut();
    if (before !== undefined) this.#ready.push(before);
  }

  /** The messages that lie in one Uint8Array, up to here. */
  #cut(): Ranges | undefined {
    if (this.#bytes === undefined) return undefined;
    const ranges = { bytes: this.#bytes, starts: this.#starts, ends: this.#ends, count: this.#count };
    this.#capacity = Math.max(FIRST_CAPACITY, this.#count);
    this.#starts = NO_RANGES;
    this.#ends = NO_RANGES;
    this.#count = 0;
    this.#bytes = undefined;
    return ranges;
  }

  #grow(): void {
    const [starts, ends] = [this.#starts, this.#ends];
    this.#capacity = Math.max(this.#capacity, 2 * starts.length);
    this.#starts = rangeArray(this.#capacity);
    this.#starts.set(starts);
    this.#ends = rangeArray(this.#capacity);
    this.#ends.set(ends);
  }
}
