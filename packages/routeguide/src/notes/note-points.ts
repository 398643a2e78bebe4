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
 * Points by their coordinates: open addressing with linear probing, at most three quarters full. Row NO_ROW is there and all zeros: a point at
 * which there is nothing.
 */
export class NotePoints {
  readonly rows = new Rows(WIDTH);
  /** Hashes are those of this process only, so that nobody can choose points whose hashes are alike. */
  readonly #seed: number;
  /**
   * Rows of points, each with its hash, at the place of that or after it; a power of two of places. Rows lie anywhere in memory: with
   * the hash beside it, none is looked at in vain, and none to make the table larger.
   */
  #places = new Int32Array(2 * FIRST_PLACES);

  /** @param seed any number, which those who post cannot know */
  constructor(seed: number = Math.random() * 2 ** 32) {
    this.#seed = seed | 0;
  }

  /** The row of a point, or NO_ROW. */
  find(latitude: number, longitude: number): number {
    return this.#find(latitude, longitude, hash(latitude, longitude, this.#seed));
  }

  /** The row of a point, which is made if there is none. */
  findOrAdd(latitude: number, longitude: number): number {
    const hashed = hash(latitude, longitude, this.#seed);
    const found = this.#find(latitude, longitude, hashed);
    if (found !== NO_ROW) return found;
    if (this.rows.count * 8 >= this.#places.length * 3) this.#grow();
    const row = this.rows.take();
    const { cells } = this.rows;
    for (let i = 0; i < WIDTH; i++) cells[row + i] = 0;
    cells[row + Point.Latitude] = latitude;
    cells[row + Point.Longitude] = longitude;
    this.#place(row, hashed);
    return row;
  }

  /** Frees the row of a point at which nothing is kept and nobody listens; others it leaves. */
  releaseIfUnused(row: number): void {
    const { cells } = this.rows;
    if (cells[row + Point.NoteCount] !== 0 || cells[row + Point.FirstListener] !== NO_ROW) return;
    const places = this.#places;
    const mask = places.length - 1;
    let hole = (hash(cells[row] as number, cells[row + Point.Longitude] as number, this.#seed) << 1) & mask;
    while (places[hole] !== row) hole = (hole + 2) & mask;
    // No marks for what was removed: each follower that may stand in the hole moves there, and leaves the next hole.
    for (let place = (hole + 2) & mask; places[place] !== NO_ROW; place = (place + 2) & mask) {
      const home = ((places[place + 1] as number) << 1) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[hole] = places[place] as number;
      places[hole + 1] = places[place + 1] as number;
      hole = place;
    }
    places[hole] = NO_ROW;
    this.rows.release(row);
  }

  #find(latitude: number, longitude: number, hashed: number): number {
    const places = this.#places;
    const { cells } = this.rows;
    const mask = places.length - 1;
    for (let place = (hashed << 1) & mask; ; place = (place + 2) & mask) {
      const row = places[place] as number;
      if (row === NO_ROW) return row;
      if (places[place + 1] !== hashed) continue;
      if (cells[row] === latitude && cells[row + Point.Longitude] === longitude) return row;
    }
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Int32Array(2 * before.length);
    for (let place = 0; place < before.length; place += 2) {
      const row = before[place] as number;
      if (row !== NO_ROW) this.#place(row, before[place + 1] as number);
    }
  }

  #place(row: number, hashed: number): void {
    const places = this.#places;
    const mask = places.length - 1;
    let place = (hashed << 1) & mask;
    while (places[place] !== NO_ROW) place = (place + 2) & mask;
    places[place] = row;
    places[place + 1] = hashed;
  }
}

/** Mixes both coordinates into all 32 bits (the finalizer of MurmurHash3), because neighbours differ in few. */
function hash(latitude: number, longitude: number, seed: number): number {
  let h = Math.imul(latitude ^ seed, 0x9e3779b1) ^ longitude;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
