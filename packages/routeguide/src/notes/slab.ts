/** Bytes that hold envelopes back to back. They are written once and never change, so whoever sends them needs no copy. */
export class Slab {
  readonly bytes: Uint8Array;
  /** Bytes written so far. */
  used = 0;
  /** Bytes of it that the history still keeps. */
  kept = 0;
  /** Its place among the slabs, as long as something in it is kept. */
  readonly number: number;

  constructor(bytes: Uint8Array, number: number) {
    this.bytes = bytes;
    this.number = number;
  }
}

/** Large enough that a slab is rare, small enough that a slow stream which still sends from one holds on to little. */
const SLAB_BYTES = 64 * 1024;
/** A note begins in the first 64 KiB of its slab: a longer slab holds one note. */
const OFFSET_BITS = 16;

/**
 * The slabs that hold what the history keeps. A slab goes with the last of its notes, or when those who still send from it have
 * sent. A note's position is one number, slab x 64 KiB + offset, as 32 bits with a sign: a reference a note would be work for the
 * garbage collector, which must look at every one again and again.
 */
export class Slabs {
  /** By number. Each but the current one has 64 KiB or more of what `reserved` counts, so there are far fewer than 2^16. */
  readonly #all: (Slab | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  /**
   * Whether a slab has gone. Until then nothing can become garbage, so slabs are shared buffers, though nobody shares them: what
   * others hold counts for the garbage collector, which would go over the whole heap for each 8 MB more.
   */
  #hasLost = false;
  #current = this.#add(SLAB_BYTES);
  /** Bytes of all slabs in which something is kept, and of the one that is written to. */
  reserved = SLAB_BYTES;

  /** The slab that is written to, with room for so many bytes. */
  withRoom(bytes: number): Slab {
    if (this.#current.used + bytes > this.#current.bytes.length) {
      const full = this.#current;
      this.#current = this.#add(Math.max(bytes, SLAB_BYTES));
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

  /** The slab of a position. */
  at(position: number): Slab {
    return this.#all[position >>> OFFSET_BITS] as Slab;
  }

  #add(length: number): Slab {
    const bytes = this.#hasLost ? new Uint8Array(length) : new Uint8Array(new SharedArrayBuffer(length));
    const slab = new Slab(bytes, this.#freeNumbers.pop() ?? this.#all.length);
    this.#all[slab.number] = slab;
    return slab;
  }

  #countOutIfEmpty(slab: Slab): void {
    if (slab.kept !== 0 || slab === this.#current) return;
    this.reserved -= slab.bytes.length;
    this.#hasLost = true;
    this.#all[slab.number] = undefined;
    this.#freeNumbers.push(slab.number);
  }
}

/** Where bytes at an offset of a slab lie among all. */
export const positionOf = (slab: Slab, offset: number): number => (slab.number << OFFSET_BITS) | offset;
export const offsetOf = (position: number): number => position & (2 ** OFFSET_BITS - 1);

/** Below this many bytes a loop is quicker than a view and a copy. */
const SMALL_COPY = 96;

/** Copies from[start, end) to to[at...]. */
export function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start >= SMALL_COPY) to.set(from.subarray(start, end), at);
  else for (let i = start; i < end; i++) to[at++] = from[i] as number;
}
