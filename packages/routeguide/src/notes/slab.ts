/** Bytes that hold envelopes back to back. They are written once and never change, so whoever sends them needs no copy. */
export class Slab {
  readonly bytes: Uint8Array;
  /** Bytes written so far. */
  used = 0;
  /** Bytes of it that the history still keeps. */
  kept = 0;
  #view: Uint8Array | undefined;
  #viewStart = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** bytes[start, end). Asked for the same again, it gives the same object: a thousand listeners share one. */
  view(start: number, end: number): Uint8Array {
    let view = this.#view;
    if (view === undefined || this.#viewStart !== start || view.length !== end - start) {
      view = this.bytes.subarray(start, end);
      this.#view = view;
      this.#viewStart = start;
    }
    return view;
  }
}

/** Large enough that a slab is rare, small enough that a slow stream which still sends from one holds on to little. */
const SLAB_BYTES = 64 * 1024;

/**
 * The slabs that hold what the history keeps. Nothing but the notes in it refers to a slab that is full, so it goes with the last
 * of them, or when those who still send from it have sent.
 */
export class Slabs {
  #current = new Slab(SLAB_BYTES);
  /** Bytes of all slabs in which something is kept, and of the one that is written to. */
  reserved = SLAB_BYTES;

  /** The slab that is written to, with room for so many bytes. */
  withRoom(bytes: number): Slab {
    if (this.#current.used + bytes > this.#current.bytes.length) {
      const full = this.#current;
      this.#current = new Slab(Math.max(bytes, SLAB_BYTES));
      this.reserved += this.#current.bytes.length;
      this.#countOutIfEmpty(full);
    }
    return this.#current;
  }

  /** Writes bytes[start, end) behind what is in the slab, which has room. Returns where they begin in it. */
  write(slab: Slab, bytes: Uint8Array, start: number, end: number): number {
    const at = slab.used;
    slab.used += end - start;
    copy(bytes, start, end, slab.bytes, at);
    return at;
  }

  /** So many bytes of a slab are not kept any more. */
  forget(slab: Slab, bytes: number): void {
    slab.kept -= bytes;
    this.#countOutIfEmpty(slab);
  }

  #countOutIfEmpty(slab: Slab): void {
    if (slab.kept === 0 && slab !== this.#current) this.reserved -= slab.bytes.length;
  }
}

/** Below this many bytes a loop is quicker than a view and a copy. */
const SMALL_COPY = 96;

/** Copies from[start, end) to to[at...]. */
export function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start >= SMALL_COPY) to.set(from.subarray(start, end), at);
  else for (let i = start; i < end; i++) to[at++] = from[i] as number;
}
