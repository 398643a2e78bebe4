import type { Rectangle } from "../geo/rectangle.js";
import { Listeners } from "./listeners.js";
import { Mailbox } from "./mailbox.js";
import type { NoteBatch } from "./note-batch.js";
import { LocalNoteBus, type NoteBus } from "./note-bus.js";
import { NoteHistory } from "./note-history.js";
import { type NoteLimits, noteLimits } from "./note-limits.js";
import { NotePoints } from "./note-points.js";
import type { NoteStore } from "./note-store.js";
import type { Slab } from "./slab.js";
import { Watchers } from "./watchers.js";

export interface NoteBoardOptions {
  /** Where notes are kept. The board closes it. */
  readonly store: NoteStore;
  /** How other nodes hear of them. Default: there are none. */
  readonly bus?: NoteBus;
  readonly limits?: Partial<NoteLimits>;
}

export interface BoardSize {
  readonly notes: number;
  /** Bytes of their envelopes, and of the memory that is reserved for them. */
  readonly bytes: number;
  readonly reservedBytes: number;
  /** Points at which something is kept or somebody listens. */
  readonly points: number;
  readonly streams: number;
  /** Pairs of a stream and a point that it hears of. */
  readonly heard: number;
  /** Streams that watch an area. */
  readonly watchers: number;
}

/**
 * The notes of all streams: `post()` asks the store to keep them, then the bus to deliver them, and what the bus delivers goes
 * into the history and the mailboxes, at once and in its order.
 */
export class NoteBoard implements AsyncDisposable {
  readonly limits: NoteLimits;
  readonly #store: NoteStore;
  readonly #bus: NoteBus;
  readonly #points: NotePoints;
  readonly #history: NoteHistory;
  readonly #listeners: Listeners;
  readonly #watchers: Watchers;
  readonly #mailboxes = new Set<Mailbox>();
  #leaveBus = () => {};

  private constructor({ store, bus = new LocalNoteBus(), limits }: NoteBoardOptions) {
    this.limits = noteLimits(limits);
    this.#store = store;
    this.#bus = bus;
    // One more for a moment, before the oldest note goes.
    this.#points = new NotePoints(this.limits.notes + 1 + this.limits.pointsHeard);
    this.#history = new NoteHistory(this.#points, this.limits, store.forget?.bind(store));
    this.#listeners = new Listeners(this.#points, this.limits);
    this.#watchers = new Watchers(this.limits);
  }

  /**
   * A board with all that its store kept. If it cannot be opened, the store is closed.
   *
   * @throws {RangeError} if a limit makes no sense
   * @throws {NoteStoreError} if the store cannot be read
   */
  static async open(options: NoteBoardOptions): Promise<NoteBoard> {
    const { store } = options;
    try {
      const board = new NoteBoard(options);
      await store.load((notes) => board.#deliver(notes));
      board.#leaveBus = board.#bus.join((notes) => board.#deliver(notes));
      return board;
    } catch (error) {
      await store[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * A mailbox for a stream, which `leave()` gives back.
   *
   * @param wake called when there is something to take after nothing was. More may come in the same turn: take it in a microtask.
   */
  join(wake: () => void = () => {}): Mailbox {
    const mailbox = new Mailbox(this.limits.mailboxBytes, wake);
    this.#mailboxes.add(mailbox);
    return mailbox;
  }

  /**
   * Puts the newest notes of an area into a mailbox, oldest first, as many as are wanted and it may hold; from now on it hears of
   * every note there.
   */
  watch(mailbox: Mailbox, area: Rectangle, recent: number): void {
    this.#history.sendRecent(area, recent, this.limits.mailboxBytes, mailbox);
    this.#watchers.add(mailbox, area);
  }

  /** Ends all who watch an area: the server stops. */
  stopWatching(): void {
    this.#watchers.stop();
  }

  /** From now on a mailbox hears of nothing. What waits in it stays. */
  stopHearing(mailbox: Mailbox): void {
    this.#listeners.remove(mailbox);
  }

  /** Takes a mailbox out: it hears of nothing any more, and what waited in it is dropped. */
  leave(mailbox: Mailbox): void {
    if (!this.#mailboxes.delete(mailbox)) return;
    this.#listeners.remove(mailbox);
    this.#watchers.remove(mailbox);
    mailbox.close();
  }

  /**
   * Posts notes: keeps them, then puts what is kept at each one's point into the mailbox of their poster, which from then on hears
   * of that point, and each note into the mailboxes of all others who do.
   *
   * @returns nothing if that has happened, else a promise that resolves when it has. The batch must not change before.
   * @throws {NoteStoreError} as a rejection: none of the notes is kept, and nobody was sent one
   */
  post(notes: NoteBatch): Promise<void> | undefined {
    const kept = this.#store.append(notes);
    return kept === undefined ? this.#bus.publish(notes) : kept.then(() => this.#bus.publish(notes));
  }

  /**
   * How many of a batch's notes, from its first, will bring their poster no more than so many bytes, unless others post at the same
   * points before they are kept. At least 1.
   */
  fitting(notes: NoteBatch, bytes: number): number {
    const points = this.#points;
    points.bringNear(notes);
    const ownAtMost = Math.min(notes.count, this.limits.notesPerPoint) * notes.largest;
    // As a rule they all do even if each were posted at the point where most is kept: then none need be looked up.
    if (notes.count * (this.#history.mostAtPoint + ownAtMost) <= bytes) return notes.count;
    let own = 0;
    let replies = 0;
    for (let i = 0; i < notes.count; i++) {
      const point = points.find(notes.latitude(i), notes.longitude(i));
      own += notes.end(i) - notes.start(i);
      // What is kept at the point, and those before it in the batch, which may be there too.
      replies += this.#history.bytesAt(point) + Math.min(own, ownAtMost);
      if (replies > bytes) return Math.max(1, i);
    }
    return notes.count;
  }

  /** How much there is: for metrics, and to see that nothing is left behind. */
  get size(): BoardSize {
    return {
      notes: this.#history.count,
      bytes: this.#history.bytes,
      reservedBytes: this.#history.slabs.reserved,
      points: this.#points.rows.count,
      streams: this.#mailboxes.size,
      heard: this.#listeners.count,
      watchers: this.#watchers.count,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaveBus();
    for (const mailbox of this.#mailboxes) this.leave(mailbox);
    await this.#store[Symbol.asyncDispose]();
  }

  /** Puts kept notes into the history and the mailboxes. */
  #deliver(notes: NoteBatch): void {
    const { slabs } = this.#history;
    // One that has left, or belongs to another board on this bus, gets nothing.
    const poster = notes.poster !== undefined && this.#mailboxes.has(notes.poster) ? notes.poster : undefined;
    let bytes = 0;
    for (let i = 0; i < notes.count; ) {
      const slab = slabs.withRoom(notes.end(i) - notes.start(i));
      const stop = runEnd(notes, i, slab.bytes.length - slab.used);
      const shift = slabs.write(slab, notes.bytes, notes.start(i), notes.end(stop - 1)) - notes.start(i);
      bytes += notes.end(stop - 1) - notes.start(i);
      for (; i < stop; i++) this.#keep(notes, i, slab, shift, poster);
    }
    this.#history.compact(bytes);
  }

  #keep(notes: NoteBatch, i: number, slab: Slab, shift: number, poster: Mailbox | undefined): void {
    const start = notes.start(i) + shift;
    const end = notes.end(i) + shift;
    const point = this.#points.findOrAdd(notes.latitude(i), notes.longitude(i));
    this.#history.keep(point, slab, start, end, notes.sequence + i);
    if (this.#watchers.count > 0) {
      this.#watchers.tell(notes.latitude(i), notes.longitude(i), slab, start, end);
    }
    const posterHears = this.#listeners.tell(point, slab, start, end, poster);
    if (poster === undefined || poster.isClosed) return;
    this.#history.send(point, poster);
    if (!posterHears) this.#listeners.add(point, poster);
  }
}

/** Where the run of envelopes ends that begins with note i, lies back to back and fits into so many bytes. At least one does. */
function runEnd(notes: NoteBatch, i: number, bytes: number): number {
  const from = notes.start(i);
  let stop = i + 1;
  while (stop < notes.count && notes.start(stop) === notes.end(stop - 1) && notes.end(stop) - from <= bytes) stop++;
  return stop;
}
