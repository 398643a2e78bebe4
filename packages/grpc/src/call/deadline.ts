/** Something that ends at a time. A call is one, so that a deadline costs no object. */
export interface Expiring {
  /** Where it stands in its slot; only {@link Deadlines} touches these. */
  deadlineSlot: number;
  deadlineTick: number;
  deadlineBefore: Expiring | undefined;
  deadlineAfter: Expiring | undefined;
  /** Called once, at the deadline or up to a few milliseconds later. It must not throw. */
  expire(): void;
}

/** What {@link Deadlines} takes from outside: a clock in milliseconds, and one timer. */
export interface Timer {
  now(): number;
  /** Calls back after this many milliseconds; replaces what was set before. undefined: nothing is waited for. */
  set(afterMs: number | undefined, callback: () => void): void;
}

const LEVELS = 4;
const SLOT_BITS = 8;
const SLOTS = 1 << SLOT_BITS;
const SLOT_MASK = SLOTS - 1;
/** Ticks that a slot of each level spans. Not shifts: after 24 days ticks are over 31 bits. */
const SPANS: readonly number[] = [1, SLOTS, SLOTS ** 2, SLOTS ** 3];
/** The wheel reaches so far (12 days): what is due later stands there until then, and is put in anew. */
const MAX_TICKS = 2 ** 30;

/**
 * All deadlines of a process on one timer: a hierarchical timing wheel (Varghese and Lauck 1987) of four levels with 256 slots, a
 * tick of one millisecond. To schedule and to cancel costs a few assignments, whatever the number of deadlines.
 */
export class Deadlines {
  readonly #timer: Timer;
  readonly #slots: (Expiring | undefined)[] = new Array<Expiring | undefined>(LEVELS * SLOTS).fill(undefined);
  readonly #zero: number;
  /** All ticks up to this one are done. */
  #tick = 0;
  #count = 0;
  #advancing = false;
  /** The tick at which the timer fires; Infinity: it is not set. */
  #wake = Number.POSITIVE_INFINITY;
  readonly #onTimer = () => this.#advance();

  constructor(timer: Timer = processTimer()) {
    this.#timer = timer;
    this.#zero = timer.now();
  }

  /** How many deadlines are waited for. */
  get size(): number {
    return this.#count;
  }

  /**
   * Lets `entry.expire()` be called in `afterMs` milliseconds. An entry stands in here at most once.
   *
   * @returns when that is, on the timer's clock
   */
  schedule(entry: Expiring, afterMs: number): number {
    const clock = this.#timer.now();
    const now = Math.floor(clock - this.#zero);
    // With nothing to wait for, the wheel has stood still: let it catch up.
    if (this.#count === 0 && !this.#advancing) this.#tick = now;
    entry.deadlineTick = Math.max(now + Math.max(1, Math.ceil(afterMs) + 1), this.#tick + 1);
    this.#insert(entry);
    this.#count++;
    this.#wakeBy(Math.min(entry.deadlineTick, this.#tick + MAX_TICKS));
    return clock + afterMs;
  }

  /** Forgets an entry; nothing happens if it is not in here. */
  cancel(entry: Expiring): void {
    if (entry.deadlineSlot < 0) return;
    this.#remove(entry);
    this.#count--;
    // The timer stays set: it may fire for nothing, which is cheaper than to set it anew each time.
  }

  #insert(entry: Expiring): void {
    const ahead = Math.min(entry.deadlineTick - this.#tick, MAX_TICKS);
    const level = ahead < SLOTS ? 0 : ahead < SLOTS ** 2 ? 1 : ahead < SLOTS ** 3 ? 2 : 3;
    const slot = level * SLOTS + (Math.floor((this.#tick + ahead) / (SPANS[level] as number)) & SLOT_MASK);
    const first = this.#slots[slot];
    entry.deadlineSlot = slot;
    entry.deadlineBefore = undefined;
    entry.deadlineAfter = first;
    if (first !== undefined) first.deadlineBefore = entry;
    this.#slots[slot] = entry;
  }

  #remove(entry: Expiring): void {
    const { deadlineBefore: before, deadlineAfter: after } = entry;
    if (before === undefined) this.#slots[entry.deadlineSlot] = after;
    else before.deadlineAfter = after;
    if (after !== undefined) after.deadlineBefore = before;
    entry.deadlineSlot = -1;
    entry.deadlineBefore = undefined;
    entry.deadlineAfter = undefined;
  }

  #wakeBy(tick: number): void {
    if (tick >= this.#wake) return;
    this.#wake = tick;
    this.#timer.set(Math.max(1, tick - (this.#timer.now() - this.#zero)), this.#onTimer);
  }

  /** Does all ticks up to now, then waits for the next slot that holds something. */
  #advance(): void {
    this.#wake = Number.POSITIVE_INFINITY;
    const now = Math.floor(this.#timer.now() - this.#zero);
    this.#advancing = true;
    while (this.#count > 0 && this.#tick < now) this.#step(Math.min(now, this.#nextTick()));
    this.#advancing = false;
    this.#tick = Math.max(this.#tick, now);
    if (this.#count > 0) {
      this.#wakeBy(this.#nextTick());
    } else {
      // What expired may have scheduled something and cancelled it again.
      this.#wake = Number.POSITIVE_INFINITY;
      this.#timer.set(undefined, this.#onTimer);
    }
  }

  /** Goes on to a tick, moves what falls due in the higher levels down, and lets the entries of that tick expire. */
  #step(tick: number): void {
    this.#tick = tick;
    for (let level = LEVELS - 1; level > 0; level--) {
      const span = SPANS[level] as number;
      if (tick % span === 0) this.#cascade(level * SLOTS + (Math.floor(tick / span) & SLOT_MASK));
    }
    const slot = tick & SLOT_MASK;
    // Taken one by one from the front: expire() may cancel others of the slot.
    for (let entry = this.#slots[slot]; entry !== undefined; entry = this.#slots[slot]) {
      this.#remove(entry);
      this.#count--;
      entry.expire();
    }
  }

  #cascade(slot: number): void {
    let entry = this.#slots[slot];
    this.#slots[slot] = undefined;
    while (entry !== undefined) {
      const next: Expiring | undefined = entry.deadlineAfter;
      this.#insert(entry);
      entry = next;
    }
  }

  /** The next tick at which a slot of any level has something to do. */
  #nextTick(): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (let level = 0; level < LEVELS; level++) {
      const span = SPANS[level] as number;
      const current = Math.floor(this.#tick / span);
      for (let ahead = 1; ahead <= SLOTS; ahead++) {
        if (this.#slots[level * SLOTS + ((current + ahead) & SLOT_MASK)] === undefined) continue;
        nearest = Math.min(nearest, (current + ahead) * span);
        break;
      }
    }
    return nearest;
  }
}

/** The clock and a timer of this process, which does not keep it alive. */
function processTimer(): Timer {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    now: () => performance.now(),
    set(afterMs, callback) {
      clearTimeout(timer);
      timer = afterMs === undefined ? undefined : setTimeout(callback, afterMs);
      // Browsers give a number.
      if (typeof timer === "object") timer.unref();
    },
  };
}
