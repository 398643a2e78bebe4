/** Bytes of a large output buffer. 64 KiB are 20 to 30 % slower for large answers, 512 KiB no faster. */
export const LARGE_BUFFER = 128 * 1024;
/** Bytes of a small one: what a few replies need, so that thousands of connections that reply at once hold little. */
export const SMALL_BUFFER = 8 * 1024;

/** Free buffers kept, of each size. What is over is left to the garbage collector. */
const KEPT = 64;

/**
 * Output buffers for the connections of a process or a listener: a connection holds one only while it has something to
 * send.
 */
export class BufferPool {
  readonly #small: Uint8Array[] = [];
  readonly #large: Uint8Array[] = [];

  small(): Uint8Array {
    return this.#small.pop() ?? new Uint8Array(SMALL_BUFFER);
  }

  large(): Uint8Array {
    return this.#large.pop() ?? new Uint8Array(LARGE_BUFFER);
  }

  /** Takes back a buffer that it gave, and that nobody reads any more. */
  free(buffer: Uint8Array): void {
    const list = buffer.length === SMALL_BUFFER ? this.#small : this.#large;
    if (list.length < KEPT) list.push(buffer);
  }
}
