import { isUtf8 } from "../contract/utf8.js";
import { grown } from "./growing.js";

/** Larger than any name. */
const CHUNK_BYTES = 1024 * 1024;
const LENGTH_BYTES = 2;
const BLOCK_NAMES = 256;
/** A name's length takes two bytes. */
export const MAX_NAME_BYTES = 0xffff;

/** Names by number, packed: each lies in one chunk, behind its length. Its position is one number: chunk x chunk size + offset. */
export class NameHeap {
  readonly #chunks: Uint8Array[] = [];
  #positions = new Uint32Array(1024);
  #size = 0;
  #offset = 0;

  /**
   * Copies the name bytes[start, end), at most MAX_NAME_BYTES. Its number is how many were added before.
   *
   * @returns false if it is not UTF-8; then nothing was added
   */
  add(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || this.#offset + LENGTH_BYTES + length > CHUNK_BYTES) {
      chunk = new Uint8Array(CHUNK_BYTES);
      this.#chunks.push(chunk);
      this.#offset = 0;
    }
    let at = this.#offset;
    let bits = 0;
    chunk[at++] = length >>> 8;
    chunk[at++] = length;
    // Names are short: a loop is faster than a view and a call for each. Most are ASCII, which this tells on the way.
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      bits |= byte;
      chunk[at++] = byte;
    }
    if (bits > 0x7f && !isUtf8(bytes, start, end)) return false;
    this.#positions = grown(this.#positions, this.#size + 1);
    this.#positions[this.#size++] = (this.#chunks.length - 1) * CHUNK_BYTES + this.#offset;
    this.#offset = at;
    return true;
  }

  /**
   * Visits the names of some numbers, in that order. Names lie far apart, so the loads of a block are made side by side: one by one,
   * each would wait for memory.
   *
   * @param visit called with a number's place in `numbers` and its name, bytes[start, end)
   */
  forEach(
    numbers: ArrayLike<number>,
    visit: (index: number, bytes: Uint8Array, start: number, end: number) => void,
  ): void {
    const positions = new Uint32Array(BLOCK_NAMES);
    const lengths = new Uint32Array(BLOCK_NAMES);
    for (let from = 0; from < numbers.length; from += BLOCK_NAMES) {
      const count = Math.min(BLOCK_NAMES, numbers.length - from);
      for (let i = 0; i < count; i++) positions[i] = this.#positions[numbers[from + i] as number] as number;
      for (let i = 0; i < count; i++) lengths[i] = this.#lengthAt(positions[i] as number);
      for (let i = 0; i < count; i++) {
        const position = positions[i] as number;
        const start = (position % CHUNK_BYTES) + LENGTH_BYTES;
        visit(from + i, this.#chunkAt(position), start, start + (lengths[i] as number));
      }
    }
  }

  #lengthAt(position: number): number {
    const chunk = this.#chunkAt(position);
    const offset = position % CHUNK_BYTES;
    return ((chunk[offset] as number) << 8) | (chunk[offset + 1] as number);
  }

  #chunkAt(position: number): Uint8Array {
    return this.#chunks[Math.floor(position / CHUNK_BYTES)] as Uint8Array;
  }
}
