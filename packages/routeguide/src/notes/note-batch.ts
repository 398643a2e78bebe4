import type { Mailbox } from "./mailbox.js";

/** Cells of one note in `places`. */
const Place = { Start: 0, End: 1, Latitude: 2, Longitude: 3 } as const;
const WIDTH = 4;
const FIRST_NOTES = 8;
const NO_PLACES = new Int32Array(0);

/**
 * Notes on their way to being kept, as envelopes in one Uint8Array: note i lies in bytes[start(i), end(i)), its prefix included.
 * A stream fills the same batch again and again.
 */
export class NoteBatch {
  count = 0;
  /** Where the envelopes lie. They must not change as long as anybody holds the batch. */
  bytes: Uint8Array;
  /** Bytes of the largest envelope. */
  largest = 0;
  /** The number of the first note in the order in which all notes are kept; the others follow. Set by the store. */
  sequence = 0;
  /** Whose notes these are, if they came in here: it gets what is kept at their points. */
  poster: Mailbox | undefined;
  /** Made with the first note: many streams only listen. */
  #places = NO_PLACES;

  constructor(bytes: Uint8Array = new Uint8Array(0), poster?: Mailbox) {
    this.bytes = bytes;
    this.poster = poster;
  }

  /** Adds the note whose envelope is bytes[start, end). */
  add(start: number, end: number, latitude: number, longitude: number): void {
    const at = this.count++ * WIDTH;
    if (at === this.#places.length) {
      const larger = new Int32Array(Math.max(FIRST_NOTES * WIDTH, at * 2));
      larger.set(this.#places);
      this.#places = larger;
    }
    const places = this.#places;
    places[at] = start;
    places[at + Place.End] = end;
    places[at + Place.Latitude] = latitude;
    places[at + Place.Longitude] = longitude;
    if (end - start > this.largest) this.largest = end - start;
  }

  start(i: number): number {
    return this.#places[i * WIDTH] as number;
  }
  end(i: number): number {
    return this.#places[i * WIDTH + Place.End] as number;
  }
  latitude(i: number): number {
    return this.#places[i * WIDTH + Place.Latitude] as number;
  }
  longitude(i: number): number {
    return this.#places[i * WIDTH + Place.Longitude] as number;
  }

  /** Empties the batch for notes that lie in other bytes. */
  restart(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.count = 0;
    this.largest = 0;
  }

  /** Takes the first notes out, as a batch of their own. */
  takeFirst(count: number): NoteBatch {
    const first = new NoteBatch(this.bytes, this.poster);
    first.#places = this.#places.slice(0, count * WIDTH);
    first.count = count;
    first.largest = this.largest;
    this.#places.copyWithin(0, count * WIDTH, this.count * WIDTH);
    this.count -= count;
    return first;
  }
}
