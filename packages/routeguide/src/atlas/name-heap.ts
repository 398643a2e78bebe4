import { grown } from "./growing.js";

/** Larger than any name. */
const CHUNK_BYTES = 1024 * 1024;
const LENGTH_BYTES = 2;
/** A name's length takes two bytes. */
export const MAX_NAME_BYTES = 0xffff;

/** Names by number, packed: each lies in one chunk, behind its length. Its position is one number: chunk x chunk size + offset. */
export class NameHeap {
  readonly #chunks: Uint8Array[] = [];
  #positions = new Uint32Array(1024);
  #size = 0;
  #offset = CHUNK_BYTES;

  /** Copies the name bytes[start, end), at most MAX_NAME_BYTES. Its number is how many were added before. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#offset + LENGTH_BYTES + length > CHUNK_BYTES) {
      this.#chunks.push(new Uint8Array(CHUNK_BYTES));
      this.#offset = 0;
    }
    const chunk = this.#chunks.at(-1) as Uint8Array;
    this.#positions = grown(this.#positions, this.#size + 1);
    this.#positions[this.#size++] = (this.#chunks.length - 1) * CHUNK_BYTES + this.#offset;
    chunk[this.#offset++] = length >>> 8;
    chunk[this.#offset++] = length;
    // Names are short: a loop is faster than a view and a call for each.
    for (let i = start; i < end; i++) chunk[this.#offset++] = bytes[i] as number;
  }

  /** The name of a number, where it lies: bytes[start, end). */
  at(number: number): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } {
    const position = this.#positions[number] as number;
    const bytes = this.#chunks[Math.floor(position / CHUNK_BYTES)] as Uint8Array;
    const offset = position % CHUNK_BYTES;
    const length = ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
    return { bytes, start: offset + LENGTH_BYTES, end: offset + LENGTH_BYTES + length };
  }
}
