import { envelopeEnd, envelopeSize, writeFeature } from "../contract/envelope-writer.js";
import type { Run } from "./run.js";

/** An ArrayBuffer of its own for each 64 MiB, so that no allocation is huge. */
const CHUNK_BYTES = 64 * 1024 * 1024;
/** What one response write should carry: smaller ones cost calls, larger ones hold back the other streams. */
const RUN_BYTES = 128 * 1024;

/** Up to here copying four bytes at a time costs less than a view and a call. */
const LOOPED_BYTES = 192;

/**
 * Finished envelopes one behind the other, in chunks. An envelope lies in one chunk, and its position is one number below 2^32:
 * chunk x chunk size + offset. Where it ends, its own prefix says.
 */
export class Arena {
  readonly #chunks: Uint8Array[] = [];
  readonly #views: DataView[] = [];
  readonly #positions: Uint32Array;
  readonly #chunkBytes: number;
  #count = 0;
  /** Where the next envelope goes in the last chunk. */
  #offset = 0;
  /** Bytes of envelopes to come. */
  #remaining: number;

  /**
   * @param size how many envelopes will be added
   * @param bytes how many bytes they have
   * @param chunkBytes at least the largest envelope; for tests
   */
  constructor(size: number, bytes: number, chunkBytes: number = CHUNK_BYTES) {
    this.#positions = new Uint32Array(size);
    this.#remaining = bytes;
    this.#chunkBytes = chunkBytes;
  }

  /** Adds the envelope of a feature whose name, UTF-8, is name[start, end). */
  add(latitude: number, longitude: number, name: Uint8Array, start: number, end: number): void {
    const size = envelopeSize(latitude, longitude, end - start);
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#offset + size > chunk.length) {
      chunk = new Uint8Array(Math.min(this.#remaining, this.#chunkBytes));
      this.#chunks.push(chunk);
      this.#views.push(new DataView(chunk.buffer));
      this.#offset = 0;
    }
    this.#positions[this.#count++] = (this.#chunks.length - 1) * this.#chunkBytes + this.#offset;
    this.#offset = writeFeature(chunk, this.#offset, latitude, longitude, name, start, end);
    this.#remaining -= size;
  }

  /** The envelope at an index. */
  at(index: number): Run {
    return this.run(index, index + 1);
  }

  /** As many of the envelopes [first, end) as lie in one chunk and are at most 128 KiB; always one at least. */
  run(first: number, end: number): Run {
    const position = this.#positions[first] as number;
    const chunk = Math.floor(position / this.#chunkBytes);
    const limit = Math.min(position + RUN_BYTES, (chunk + 1) * this.#chunkBytes);
    const bytes = this.#chunks[chunk] as Uint8Array;
    const base = chunk * this.#chunkBytes;
    let last = this.#lastBefore(limit, first, end);
    let runEnd = envelopeEnd(bytes, (this.#positions[last] as number) - base);
    if (base + runEnd > limit && last > first) {
      runEnd = (this.#positions[last] as number) - base;
      last--;
    }
    return { bytes, start: position - base, end: runEnd, count: last - first + 1 };
  }

  /**
   * Copies the envelopes [first, end) to target[at...].
   *
   * @param view of all of `target`
   * @returns the position behind them, or -1 if they do not fit
   */
  copy(first: number, end: number, target: Uint8Array, view: DataView, at: number): number {
    while (first < end) {
      const chunk = Math.floor((this.#positions[first] as number) / this.#chunkBytes);
      const bytes = this.#chunks[chunk] as Uint8Array;
      const base = chunk * this.#chunkBytes;
      const last = this.#lastBefore(base + this.#chunkBytes, first, end);
      const from = (this.#positions[first] as number) - base;
      const until = envelopeEnd(bytes, (this.#positions[last] as number) - base);
      if (until - from > target.length - at) return -1;
      if (until - from > LOOPED_BYTES) target.set(bytes.subarray(from, until), at);
      else copyWords(this.#views[chunk] as DataView, from, until, view, at);
      at += until - from;
      first = last + 1;
    }
    return at;
  }

  /** The last of the envelopes [first, end) that starts before a position; the first does. */
  #lastBefore(position: number, first: number, end: number): number {
    let low = first;
    let high = end - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#positions[middle] as number) < position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Copies from[start, end) to to[at...]: reads and writes of four bytes, which need not be aligned, and the rest one by one. */
function copyWords(from: DataView, start: number, end: number, to: DataView, at: number): void {
  let i = start;
  // Little-endian is how processors have them: nothing is turned round.
  for (; i + 4 <= end; i += 4, at += 4) to.setInt32(at, from.getInt32(i, true), true);
  for (; i < end; i++) to.setInt8(at++, from.getInt8(i));
}
