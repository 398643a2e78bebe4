import { NO_ROW, Rows } from "./rows.js";

/** The cells of a point's row: half a cache line holds all that a note needs to know of its point. */
export const Point = {
  Latitude: 0,
  Longitude: 1,
  /** The oldest and the newest note kept here, as rows of the history. */
  OldestNote: 2,
  NewestNote: 3,
  NoteCount: 4,
  /** Bytes of the envelopes kept here. */
  NoteBytes: 5,
  /** The first of those who hear of this point, as a row of the listeners. */
  FirstListener: 6,
} as const;
const WIDTH = 8;

const FIRST_PLACES = 128;

/**
 * Points by their coordinates: open addressing with linear probing, at most half full. Row NO_ROW is there and all zeros: a point at
 * which there is nothing.
 */
export class NotePoints {
  readonly rows = new Rows(WIDTH);
  /** Hashes are those of this process only, so that nobody can choose points whose hashes are alike. */
  readonly #seed: number;
  /** Rows of points at the place of their hash or after it; a power of two of places. */
  #places = new Int32Array(FIRST_PLACES);

  /** @param seed any number, which those who post cannot know */
  constructor(seed: number = Math.random() * 2 ** 32) {
    this.#seed = seed | 0;
  }

  /** The row of a point, or NO_ROW. */
  find(latitude: number, longitude: number): number {
    const places = this.#places;
    const { cells } = this.rows;
    const mask = places.length - 1;
    for (let place = hash(latitude, longitude, this.#seed) & mask; ; place = (place + 1) & mask) {
      const row = places[place] as number;
      if (row === NO_ROW || (cells[row] === latitude && cells[row + Point.Longitude] === longitude)) return row;
    }
  }

  /** The row of a point, which is made if there is none. */
  findOrAdd(latitude: number, longitude: number): number {
    const found = this.find(latitude, longitude);
    if (found !== NO_ROW) return found;
    if (this.rows.count * 2 >= this.#places.length) this.#grow();
    const row = this.rows.take();
    const { cells } = this.rows;
    cells.fill(0, row, row + WIDTH);
    cells[row + Point.Latitude] = latitude;
    cells[row + Point.Longitude] = longitude;
    this.#place(row);
    return row;
  }

  /** Frees the row of a point at which nothing is kept and nobody listens; others it leaves. */
  releaseIfUnused(row: number): void {
    const { cells } = this.rows;
    if (cells[row + Point.NoteCount] !== 0 || cells[row + Point.FirstListener] !== NO_ROW) return;
    const places = this.#places;
    const mask = places.length - 1;
    let hole = this.#homeOf(row) & mask;
    while (places[hole] !== row) hole = (hole + 1) & mask;
    // No marks for what was removed: each follower that may stand in the hole moves there, and leaves the next hole.
    for (let place = (hole + 1) & mask; places[place] !== NO_ROW; place = (place + 1) & mask) {
      const follower = places[place] as number;
      const home = this.#homeOf(follower) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[hole] = follower;
      hole = place;
    }
    places[hole] = NO_ROW;
    this.rows.release(row);
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Int32Array(before.length * 4);
    for (const row of before) if (row !== NO_ROW) this.#place(row);
  }

  #place(row: number): void {
    const places = this.#places;
    const mask = places.length - 1;
    let place = this.#homeOf(row) & mask;
    while (places[place] !== NO_ROW) place = (place + 1) & mask;
    places[place] = row;
  }

  /** Where a row would stand, were the table endless. */
  #homeOf(row: number): number {
    const { cells } = this.rows;
    return hash(cells[row + Point.Latitude] as number, cells[row + Point.Longitude] as number, this.#seed);
  }
}

/** Mixes both coordinates into all 32 bits (the finalizer of MurmurHash3), because neighbours differ in few. */
function hash(latitude: number, longitude: number, seed: number): number {
  let h = Math.imul(latitude ^ seed, 0x9e3779b1) ^ longitude;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
