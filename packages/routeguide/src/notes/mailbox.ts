import { Bell } from "./bell.js";
import { NO_ROW } from "./rows.js";
import type { Slab } from "./slab.js";

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

/**
 * What waits to be sent to one stream: ranges of slabs, neighbours merged, so that a note costs the same however many hear it.
 * Whoever sends is woken once for all that comes in a turn.
 */
export class Mailbox {
  /** Bytes of the envelopes that wait. */
  bytes = 0;
  /** Set when the board closed it: nothing comes any more, and what was waiting is dropped. */
  fault: MailboxFault | undefined;
  /** Points that this mailbox hears of, and the first of them, as a row of the listeners. Theirs to change. */
  heard = 0;
  firstHeard = NO_ROW;
  readonly #mail = new Bell();
  readonly #room = new Bell();
  readonly #maxBytes: number;
  // Ranges from #head to #tail wait. Range i is in #slabs[i], its start, end and count of envelopes in #cells[3 * i] and after.
  #slabs: (Slab | undefined)[] = [];
  #cells: number[] = [];
  #head = 0;
  #tail = 0;

  /** @param maxBytes bytes that may wait before `offer()` says no */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Puts one envelope in, however much waits: what the stream's own posts bring, which it holds back itself. */
  put(slab: Slab, start: number, end: number): void {
    const length = end - start;
    this.bytes += length;
    const last = this.#tail - 1;
    const cells = this.#cells;
    if (last >= this.#head && this.#slabs[last] === slab && cells[3 * last + 1] === start) {
      cells[3 * last + 1] = end;
      cells[3 * last + 2] = (cells[3 * last + 2] as number) + 1;
    } else {
      const at = this.#tail++;
      this.#slabs[at] = slab;
      cells[3 * at] = start;
      cells[3 * at + 1] = end;
      cells[3 * at + 2] = 1;
    }
    this.#mail.ring();
  }

  /** Puts one envelope in if there is room for it. */
  offer(slab: Slab, start: number, end: number): boolean {
    if (this.bytes + end - start > this.#maxBytes) return false;
    this.put(slab, start, end);
    return true;
  }

  /** What waits, up to 64 KiB, or one range if that is longer; undefined if nothing does. */
  take(): Mail | undefined {
    const head = this.#head;
    if (head === this.#tail) return undefined;
    const alone = head + 1 === this.#tail || this.#lengthOf(head) >= ALONE_BYTES;
    const mail = alone ? this.#takeOne() : this.#takeJoined();
    this.bytes -= mail.bytes.length;
    if (this.#head === this.#tail) this.#clear();
    else if (this.#head >= MANY_RANGES) this.#closeRanks();
    this.#room.ring();
    return mail;
  }

  /** Resolves when mail has come, or the mailbox has been closed. Look first. */
  mail(): Promise<void> {
    return this.#mail.wait();
  }

  /** Resolves when mail has been taken, or the mailbox has been closed. Look first. */
  room(): Promise<void> {
    return this.#room.wait();
  }

  /** Wakes whoever waits for mail, to look at what else has changed. */
  wake(): void {
    this.#mail.ring();
  }

  /** Drops what waits and wakes everybody. */
  close(fault?: MailboxFault): void {
    this.fault ??= fault;
    this.#clear();
    this.bytes = 0;
    this.#mail.ring();
    this.#room.ring();
  }

  #lengthOf(range: number): number {
    return (this.#cells[3 * range + 1] as number) - (this.#cells[3 * range] as number);
  }

  #takeOne(): Mail {
    const head = this.#head++;
    const slab = this.#slabs[head] as Slab;
    const cells = this.#cells;
    this.#slabs[head] = undefined;
    return {
      bytes: slab.view(cells[3 * head] as number, cells[3 * head + 1] as number),
      count: cells[3 * head + 2] as number,
    };
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
    let at = 0;
    let count = 0;
    for (let i = this.#head; i < end; i++) {
      const from = (this.#slabs[i] as Slab).bytes;
      const stop = cells[3 * i + 1] as number;
      // Ranges are short where joining pays: a loop of bytes is quicker than a view and a copy.
      for (let j = cells[3 * i] as number; j < stop; j++) bytes[at++] = from[j] as number;
      count += cells[3 * i + 2] as number;
      this.#slabs[i] = undefined;
    }
    this.#head = end;
    return { bytes, count };
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
    this.#cells = this.#cells.slice(3 * this.#head, 3 * this.#tail);
    this.#tail -= this.#head;
    this.#head = 0;
  }
}
