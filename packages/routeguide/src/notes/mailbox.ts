import { NO_ROW } from "./rows.js";
import { copy, type Slab } from "./slab.js";

/** Why a mailbox was closed by the board, and its stream has to end. */
export type MailboxFault =
  /** The stream did not read, and more came for it than may wait. */
  | "full"
  /** The stream posted at more points than one stream may hear of. */
  | "too-many-points"
  /** All streams together hear of as many points as they may. */
  | "too-many-listeners";

/** Envelopes to send, back to back. */
export interface Mail {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Fewer bytes than this are worth copying to send more at once; more leave as they lie. */
const ALONE_BYTES = 8 * 1024;
/** What is joined in one piece of mail, at most. */
const JOINED_BYTES = 64 * 1024;
/** Above so many taken or waiting ranges the arrays are replaced, so that one burst does not hold memory for good. */
const MANY_RANGES = 1024;

/** Cells of a range, and what its last may be. */
const WIDTH = 4;
const OWN = 0;
const OFFERED = 1;

/**
 * What waits to be sent to one stream: ranges of slabs, neighbours merged, so that a note costs the same however many hear it.
 * Whoever sends is woken once for all that comes at a time.
 */
export class Mailbox {
  /** Bytes of the envelopes that wait. */
  bytes = 0;
  /** Those of them that others posted. */
  #offered = 0;
  /** Nothing comes any more, and what was waiting has been dropped. */
  isClosed = false;
  /** Why it was closed, if its stream did not leave by itself. */
  fault: MailboxFault | undefined;
  /** Points that this mailbox hears of, and the first of them, as a row of the listeners. Theirs to change. */
  heard = 0;
  firstHeard = NO_ROW;
  readonly #maxBytes: number;
  readonly #wake: () => void;
  /** Whether the last `take()` found nothing. */
  #isAwaited = false;
  #tellRoom: (() => void) | undefined;
  // Ranges from #head to #tail wait. Range i is in #slabs[i]; #cells[4 * i] and after are its start, its end, its count of
  // envelopes, and whether others posted them.
  #slabs: (Slab | undefined)[] = [];
  #cells: number[] = [];
  #head = 0;
  #tail = 0;

  /**
   * @param maxBytes bytes from others that may wait before `offer()` says no
   * @param wake called once after each `take()` that found nothing, when mail has come or the mailbox has been closed. More may come
   *   in the same turn, so take it in a microtask.
   */
  constructor(maxBytes: number, wake: () => void) {
    this.#maxBytes = maxBytes;
    this.#wake = wake;
  }

  /** Puts one envelope in, however much waits: what the stream's own posts bring, which it holds back itself. */
  put(slab: Slab, start: number, end: number): void {
    this.#append(slab, start, end, OWN);
  }

  /** Puts in one envelope that another stream posted, if there is room for it. */
  offer(slab: Slab, start: number, end: number): boolean {
    if (this.#offered + end - start > this.#maxBytes) return false;
    this.#offered += end - start;
    this.#append(slab, start, end, OFFERED);
    return true;
  }

  /** What waits, up to 64 KiB, or one range if that is longer; undefined if nothing does. */
  take(): Mail | undefined {
    const head = this.#head;
    if (head === this.#tail) {
      this.#isAwaited = true;
      return undefined;
    }
    const isAlone = head + 1 === this.#tail || this.#lengthOf(head) >= ALONE_BYTES;
    const mail = isAlone ? this.#takeOne() : this.#takeJoined();
    if (this.#head === this.#tail) this.#clear();
    else if (this.#head >= MANY_RANGES) this.#closeRanks();
    this.#callRoom();
    return mail;
  }

  /** Resolves when mail has been taken, or the mailbox has been closed. Look first, and wait alone. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellRoom = resolve;
    });
  }

  /** Drops what waits and wakes everybody. Nothing may be put in afterwards. */
  close(fault?: MailboxFault): void {
    this.isClosed = true;
    this.fault ??= fault;
    this.#clear();
    this.bytes = 0;
    this.#offered = 0;
    this.#callAwaiting();
    this.#callRoom();
  }

  #append(slab: Slab, start: number, end: number, kind: number): void {
    this.bytes += end - start;
    const cells = this.#cells;
    const last = WIDTH * (this.#tail - 1);
    const isNeighbour = cells[last + 1] === start && cells[last + 3] === kind && this.#slabs[this.#tail - 1] === slab;
    if (isNeighbour && this.#tail > this.#head) {
      cells[last + 1] = end;
      cells[last + 2] = (cells[last + 2] as number) + 1;
    } else {
      const at = WIDTH * this.#tail;
      this.#slabs[this.#tail++] = slab;
      cells[at] = start;
      cells[at + 1] = end;
      cells[at + 2] = 1;
      cells[at + 3] = kind;
    }
    this.#callAwaiting();
  }

  #callAwaiting(): void {
    if (!this.#isAwaited) return;
    this.#isAwaited = false;
    this.#wake();
  }

  #callRoom(): void {
    const tell = this.#tellRoom;
    if (tell === undefined) return;
    this.#tellRoom = undefined;
    tell();
  }

  #lengthOf(range: number): number {
    return (this.#cells[WIDTH * range + 1] as number) - (this.#cells[WIDTH * range] as number);
  }

  #takeOne(): Mail {
    const at = WIDTH * this.#head;
    const cells = this.#cells;
    const slab = this.#slabs[this.#head] as Slab;
    this.#countOut();
    return { bytes: slab.view(cells[at] as number, cells[at + 1] as number), count: cells[at + 2] as number };
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
    return { bytes, count };
  }

  /** The first range has been taken. */
  #countOut(): void {
    const length = this.#lengthOf(this.#head);
    this.bytes -= length;
    if (this.#cells[WIDTH * this.#head + 3] === OFFERED) this.#offered -= length;
    this.#slabs[this.#head++] = undefined;
  }

  #clear(): void {
    if (this.#tail > MANY_RANGES) {
      this.#slabs = [];
      this.#cells = [];
    } else {
      this.#slabs.fill(undefined, this.#head, this.#tail);
    }
    this.#head = 0;
    this.#tail = 0;
  }

  /** Moves what waits to the front, so that a mailbox which is never empty does not grow. */
  #closeRanks(): void {
    this.#slabs = this.#slabs.slice(this.#head, this.#tail);
    this.#cells = this.#cells.slice(WIDTH * this.#head, WIDTH * this.#tail);
    this.#tail -= this.#head;
    this.#head = 0;
  }
}
