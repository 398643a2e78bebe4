/**
 * Ranges shorter than this are copied when they must wait: 70 bytes in a queue do not hold the 64 KiB that they lie in.
 */
const COPIED = 4096;
/** A block of copies grows with what comes, from one to the other. */
const FIRST_BLOCK = 256;
const LARGEST_BLOCK = 16 * 1024;

interface Chunk {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** The bytes are ours, and what lies behind `end` is free. */
  readonly own: boolean;
}

/**
 * Bytes of one stream that wait for window or socket. Long ranges keep their reference, short ones are copied together.
 */
export class SendQueue {
  /** Bytes in all. */
  size = 0;
  #chunks: Chunk[] = [];
  #first = 0;

  push(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.size += length;
    const last = this.#chunks[this.#chunks.length - 1];
    if (length >= COPIED) {
      if (last !== undefined && last.bytes === bytes && last.end === start) last.end = end;
      else this.#chunks.push({ bytes, start, end, own: false });
      return;
    }
    if (last?.own && last.bytes.length - last.end >= length) {
      last.bytes.set(bytes.subarray(start, end), last.end);
      last.end += length;
      return;
    }
    const before = last?.own ? last.bytes.length * 2 : FIRST_BLOCK;
    const block = new Uint8Array(Math.max(length, Math.min(LARGEST_BLOCK, before)));
    block.set(bytes.subarray(start, end));
    this.#chunks.push({ bytes: block, start: 0, end: length, own: true });
  }

  /** What lies in front; undefined if the queue is empty. Good until the queue changes. */
  first(): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | undefined {
    return this.#chunks[this.#first];
  }

  /** Takes bytes away in front: no more than `first()` showed. */
  shift(bytes: number): void {
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined) return;
    this.size -= bytes;
    chunk.start += bytes;
    if (chunk.start < chunk.end) return;
    this.#first++;
    if (this.#first === this.#chunks.length || this.#first >= 64) {
      this.#chunks = this.#chunks.slice(this.#first);
      this.#first = 0;
    }
  }
}
