import { GrowingCells } from "./growing-cells.js";
import type { NoteBatch } from "./note-batch.js";
import { NO_ROW, Rows } from "./rows.js";

/** The cells of a point's row. */
export const Point = {
  Latitude: 0,
  Longitude: 1,
  /** The newest note kept here, as a row of the history. The next of the newest is the oldest. */
  NewestNote: 2,
  NoteCount: 3,
  /** Who hears of this point: nobody, the number of the one mailbox that does, or the first row of the listeners, negated. */
  Hearers: 4,
  /** The next of the points at which that one mailbox was alone when it began to hear of them. */
  NextOfHearer: 5,
} as const;
const WIDTH = 6;

/** Who hears of a point of which nobody does. */
export const NOBODY = 0;

/** A cell of a place: the row of a point, and beside it its hash. */
const PLACE = 2;
const FIRST_PLACES = 128;

/**
 * Points by their coordinates: open addressing with linear probing, at most three quarters full. Row NO_ROW is there and all zeros:
 * a point at which there is nothing.
 */
export class NotePoints {
  readonly rows: Rows;
  /** Hashes are those of this process only, so that nobody can choose points whose hashes are alike. */
  readonly #seed: number;
  readonly #buffer: GrowingCells;
  /**
   * Rows of points, each with its hash, at the place of that or after it; a power of two of places. Rows lie anywhere in memory: with
   * the hash beside it, none is looked at in vain, and none to make the table larger.
   */
  #places: Int32Array;
  /** What `bringNear()` read, for nobody: reading that is of no use at all is left out when code is compiled. */
  near = 0;

  /**
   * @param most how many points there will ever be at a time
   * @param seed any number, which those who post cannot know
   */
  constructor(most: number, seed: number = Math.random() * 2 ** 32) {
    this.rows = new Rows(WIDTH, most);
    this.#seed = seed | 0;
    let places = FIRST_PLACES;
    while (isFull(most, places)) places *= 2;
    this.#buffer = new GrowingCells(PLACE * places);
    this.#places = this.#buffer.grow(PLACE * FIRST_PLACES);
  }

  /**
   * Has the places of many points fetched at once, which no cache may hold: nothing in here branches on what was fetched, so the
   * processor runs ahead. To look points up one by one waits for each.
   */
  bringNear(notes: NoteBatch): void {
    const places = this.#places;
    const mask = places.length - 1;
    let near = 0;
    for (let i = 0; i < notes.count; i++) {
      near ^= places[(hash(notes.latitude(i), notes.longitude(i), this.#seed) << 1) & mask] as number;
    }
    this.near = near;
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
    if (isFull(this.rows.count + 1, this.#places.length / PLACE)) this.#grow();
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
    if (cells[row + Point.NewestNote] !== NO_ROW || cells[row + Point.Hearers] !== NOBODY) return;
    const places = this.#places;
    const mask = places.length - 1;
    let hole = (hash(cells[row] as number, cells[row + Point.Longitude] as number, this.#seed) << 1) & mask;
    while (places[hole] !== row) hole = (hole + PLACE) & mask;
    // No marks for what was removed: each follower that may stand in the hole moves there, and leaves the next hole.
    for (let place = (hole + PLACE) & mask; places[place] !== NO_ROW; place = (place + PLACE) & mask) {
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
    for (let place = (hashed << 1) & mask; ; place = (place + PLACE) & mask) {
      const row = places[place] as number;
      if (row !== NO_ROW && places[place + 1] !== hashed) continue;
      // Asked of NO_ROW too, which costs nothing: code that was compiled before a point came twice would be thrown away when one does.
      if ((cells[row] === latitude && cells[row + Point.Longitude] === longitude) || row === NO_ROW) return row;
    }
  }

  /** Doubles the table where it lies. What stood at a place stays near it, or goes as near to the same place of the new half. */
  #grow(): void {
    const before = this.#places.length;
    const places = this.#buffer.grow(2 * before);
    this.#places = places;
    // The first cluster may have come round the old end: it waits until all others stand.
    const first: number[] = [];
    let place = 0;
    for (; places[place] !== NO_ROW; place += PLACE) {
      first.push(places[place] as number, places[place + 1] as number);
      places[place] = NO_ROW;
    }
    // Taken out in their order, each finds a place no further from the old one's beginning than it had: none that is yet to be
    // taken out is passed over.
    for (; place < before; place += PLACE) {
      const row = places[place] as number;
      if (row === NO_ROW) continue;
      places[place] = NO_ROW;
      this.#place(row, places[place + 1] as number);
    }
    for (let i = 0; i < first.length; i += PLACE) this.#place(first[i] as number, first[i + 1] as number);
  }

  #place(row: number, hashed: number): void {
    const places = this.#places;
    const mask = places.length - 1;
    let place = (hashed << 1) & mask;
    while (places[place] !== NO_ROW) place = (place + PLACE) & mask;
    places[place] = row;
    places[place + 1] = hashed;
  }
}

/** Whether so many points are too many for so many places. */
const isFull = (points: number, places: number) => points * 4 > places * 3;

/** Mixes both coordinates into all 32 bits (the finalizer of MurmurHash3), because neighbours differ in few. */
function hash(latitude: number, longitude: number, seed: number): number {
  let h = Math.imul(latitude ^ seed, 0x9e3779b1) ^ longitude;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
