import type { H2Stream } from "./stream.js";

const FIRST_SLOTS = 8;

/**
 * Open streams by number. A Map allocates on every delete as long as it is nearly empty, which is what it is when each
 * request is answered before the next is read: a quarter of all that such a call costs.
 */
export class StreamTable {
  size = 0;
  /** Chains of streams; numbers of one side step by two. */
  #slots: (H2Stream | undefined)[] = empty(FIRST_SLOTS);

  get(id: number): H2Stream | undefined {
    let stream = this.#slots[(id >>> 1) & (this.#slots.length - 1)];
    while (stream !== undefined && stream.id !== id) stream = stream.chained;
    return stream;
  }

  /** Adds a stream whose number is not there yet. */
  add(stream: H2Stream): void {
    if (this.size === this.#slots.length) this.#grow();
    this.size++;
    this.#put(stream);
  }

  /** Removes a stream that is there. */
  remove(stream: H2Stream): void {
    const slot = (stream.id >>> 1) & (this.#slots.length - 1);
    let before = this.#slots[slot];
    if (before === stream) {
      this.#slots[slot] = stream.chained;
    } else {
      while (before !== undefined && before.chained !== stream) before = before.chained;
      if (before === undefined) return;
      before.chained = stream.chained;
    }
    stream.chained = undefined;
    this.size--;
  }

  /** All of them, as they are now: whoever goes through them may close some. */
  all(): H2Stream[] {
    const all: H2Stream[] = [];
    for (const first of this.#slots) {
      for (let stream = first; stream !== undefined; stream = stream.chained) all.push(stream);
    }
    return all;
  }

  #put(stream: H2Stream): void {
    const slot = (stream.id >>> 1) & (this.#slots.length - 1);
    stream.chained = this.#slots[slot];
    this.#slots[slot] = stream;
  }

  #grow(): void {
    const all = this.all();
    this.#slots = empty(2 * this.#slots.length);
    for (const stream of all) this.#put(stream);
  }
}

function empty(slots: number): (H2Stream | undefined)[] {
  return new Array<H2Stream | undefined>(slots).fill(undefined);
}
