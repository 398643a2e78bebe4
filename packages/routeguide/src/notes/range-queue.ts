import { copy, type Slab } from "./slab.js";

/** Envelopes to send, back to back in bytes[start, end). */
export interface Mail {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** Who posted what lies in a range. */
export const Posted = { ByStream: 0, ByOthers: 1 } as const;

/** Fewer bytes than this are worth copying to send more at once; more leave as they lie. */
const ALONE_BYTES = 8 * 1024;
/** What is joined in one piece of mail, at most. */
const JOINED_BYTES = 64 * 1024;
/** Above so many taken or waiting ranges the arrays are replaced, so that one burst does not hold memory for good. */
const MANY_RANGES = 1024;

/** Cells of a range: its start, its end, its count of envelopes, and who posted them. */
const WIDTH = 4;

/** Ranges of slabs in the order in which they are to be sent, neighbours merged. */
export class RangeQueue {
  /** Bytes of the envelopes that wait, and those of them that others posted. */
  bytes = 0;
  bytesByOthers = 0;
  // Ranges from #head to #tail wait. Range i is in #slabs[i], and in #cells[WIDTH * i] and after.
  #slabs: (Slab | undefined)[] = [];
  #cells: number[] = [];
  #head = 0;
  #tail = 0;

  get isEmpty(): boolean {
    return this.#head === this.#tail;
  }

  /** Adds one envelope. */
  add(slab: Slab, start: number, end: number, by: number): void {
    this.bytes += end - start;
    if (by === Posted.ByOthers) this.bytesByOthers += end - start;
    const cells = this.#cells;
    if (this.#tail > this.#head) {
      const last = WIDTH * (this.#tail - 1);
      if (cells[last + 1] === start && cells[last + 3] === by && this.#slabs[this.#tail - 1] === slab) {
        cells[last + 1] = end;
        cells[last + 2] = (cells[last + 2] as number) + 1;
        return;
      }
    }
    const at = WIDTH * this.#tail;
    this.#slabs[this.#tail++] = slab;
    cells[at] = start;
    cells[at + 1] = end;
    cells[at + 2] = 1;
    cells[at + 3] = by;
  }

  /** What is first of what waits, up to 64 KiB, or one range if that is longer. There must be some. */
  take(): Mail {
    const isAlone = this.#head + 1 === this.#tail || this.#lengthOf(this.#head) >= ALONE_BYTES;
    const mail = isAlone ? this.#takeOne() : this.#takeJoined();
    if (this.#head === this.#tail) this.#restart();
    else if (this.#head >= MANY_RANGES) this.#closeRanks();
    return mail;
  }

  /** Drops what waits. */
  clear(): void {
    this.bytes = 0;
    this.bytesByOthers = 0;
    this.#slabs = [];
    this.#cells = [];
    this.#head = 0;
    this.#tail = 0;
  }

  #takeOne(): Mail {
    const at = WIDTH * this.#head;
    const cells = this.#cells;
    const { bytes } = this.#slabs[this.#head] as Slab;
    this.#countOut();
    return { bytes, start: cells[at] as number, end: cells[at + 1] as number, count: cells[at + 2] as number };
  }

  #takeJoined(): Mail {
    let length = 0;
    let end = this.#head;
    for (; end < this.#tail; end++) {
      const next = this.#lengthOf(end);
      if (length > 0 && length + next > JOINED_BYTES) break;
      length += next;
    }
    const bytes = new Uint8Array(length);
    const cells = this.#cells;
    let to = 0;
    let count = 0;
    while (this.#head < end) {
      const at = WIDTH * this.#head;
      const from = (this.#slabs[this.#head] as Slab).bytes;
      copy(from, cells[at] as number, cells[at + 1] as number, bytes, to);
      to += this.#lengthOf(this.#head);
      count += cells[at + 2] as number;
      this.#countOut();
    }
    return { bytes, start: 0, end: length, count };
  }

  #lengthOf(range: number): number {
    return (this.#cells[WIDTH * range + 1] as number) - (this.#cells[WIDTH * range] as number);
  }

  /** The first range has been taken. */
  #countOut(): void {
    const length = this.#lengthOf(this.#head);
    this.bytes -= length;
    if (this.#cells[WIDTH * this.#head + 3] === Posted.ByOthers) this.bytesByOthers -= length;
    this.#slabs[this.#head++] = undefined;
  }

  /** All has been taken: begins at the front again. */
  #restart(): void {
    if (this.#tail > MANY_RANGES) this.clear();
    this.#head = 0;
    this.#tail = 0;
  }

  /** Moves what waits to the front, so that a queue which is never empty does not grow. */
  #closeRanks(): void {
    this.#slabs = this.#slabs.slice(this.#head, this.#tail);
    this.#cells = this.#cells.slice(WIDTH * this.#head, WIDTH * this.#tail);
    this.#tail -= this.#head;
    this.#head = 0;
  }
}
