/**
 * Int32 cells, all 0 at first, that grow where they lie: nothing is copied, no garbage is left, and what was never written takes no
 * memory. Only address space is reserved for the most there may be.
 *
 * The buffer is a shared one, though nobody shares it. Views of those that grow alone cost three times as much a look, and what
 * those hold counts for the garbage collector as if it could become garbage: it would go over the whole heap for each 8 MB more.
 */
export class GrowingCells {
  readonly #buffer: SharedArrayBuffer;

  /** @param most how many there will ever be, at most */
  constructor(most: number) {
    this.#buffer = new SharedArrayBuffer(0, { maxByteLength: most * Int32Array.BYTES_PER_ELEMENT });
  }

  /** A view of the first so many cells: no fewer than before. */
  grow(length: number): Int32Array {
    this.#buffer.grow(length * Int32Array.BYTES_PER_ELEMENT);
    return new Int32Array(this.#buffer, 0, length);
  }
}
