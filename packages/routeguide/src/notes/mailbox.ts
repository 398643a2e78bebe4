import { type Mail, Posted, RangeQueue } from "./range-queue.js";
import { NO_ROW } from "./rows.js";
import type { Slab } from "./slab.js";

/** Why a mailbox was closed by the board, and its stream has to end. */
export type MailboxFault =
  /** The stream did not read, and more came for it than may wait. */
  | "full"
  /** The stream posted at more points than one stream may hear of. */
  | "too-many-points"
  /** All streams together hear of as many points as they may. */
  | "too-many-listeners"
  /** More watch areas than may. */
  | "too-many-watchers"
  /** The server stops, and who watches would never end. */
  | "stopping";

/**
 * What waits to be sent to one stream. It holds ranges of slabs, so a note costs the same however many hear it. Whoever sends is
 * called once for all that comes at a time.
 */
export class Mailbox {
  /** Nothing comes any more, and what was waiting has been dropped. */
  isClosed = false;
  /** Why it was closed, if its stream did not leave by itself. */
  fault: MailboxFault | undefined;
  /**
   * How many points this mailbox hears of, the first of those at which it was alone to begin with, its first row among the listeners,
   * and its number there. Theirs to change.
   */
  heard = 0;
  firstPoint = NO_ROW;
  firstHeard = NO_ROW;
  number = 0;
  readonly #ranges = new RangeQueue();
  readonly #maxBytes: number;
  readonly #wake: () => void;
  /** Whether the last `take()` found nothing. */
  #isAwaited = false;
  #tellRoom: (() => void) | undefined;

  /**
   * @param maxBytes bytes from others that may wait before `offer()` says no
   * @param wake called once after each `take()` that found nothing, when mail has come or the mailbox has been closed. More may come
   *   in the same turn, so take it in a microtask.
   */
  constructor(maxBytes: number, wake: () => void) {
    this.#maxBytes = maxBytes;
    this.#wake = wake;
  }

  /** Bytes of the envelopes that wait. */
  get bytes(): number {
    return this.#ranges.bytes;
  }

  /** Puts one envelope in, however much waits: what the stream's own posts bring, which it holds back itself. */
  put(slab: Slab, start: number, end: number): void {
    this.#ranges.add(slab, start, end, Posted.ByStream);
    if (this.#isAwaited) this.#callWaiting();
  }

  /** Puts in one envelope that another stream posted, if there is room for it. */
  offer(slab: Slab, start: number, end: number): boolean {
    if (this.#ranges.bytesByOthers + end - start > this.#maxBytes) return false;
    this.#ranges.add(slab, start, end, Posted.ByOthers);
    if (this.#isAwaited) this.#callWaiting();
    return true;
  }

  /** What waits, up to 64 KiB, or one range if that is longer; undefined if nothing does. */
  take(): Mail | undefined {
    if (this.#ranges.isEmpty) {
      this.#isAwaited = true;
      return undefined;
    }
    const mail = this.#ranges.take();
    if (this.#tellRoom !== undefined) this.#callForRoom();
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
    this.#ranges.clear();
    if (this.#isAwaited) this.#callWaiting();
    this.#callForRoom();
  }

  #callWaiting(): void {
    this.#isAwaited = false;
    this.#wake();
  }

  #callForRoom(): void {
    this.#tellRoom?.();
    this.#tellRoom = undefined;
  }
}
