import { filterBits, hashOf, slotHash } from "./point-hash.js";

/** Filter bits for each point, before rounding up to a power of two: two are set, in one word, so one in twenty misses or fewer gets past it. */
const FILTER_BITS_PER_POINT = 8;
/** Above it the table is doubled: probes stay short. */
const MAX_LOAD = 0.75;
const EMPTY = 0;

/**
 * Finds points by their exact coordinates: open addressing with linear probing, over indexes into the array of coordinates. In front
 * stands a filter small enough for the processor's caches (128 KiB for 100,000 points), so that a point that is not there, as most of
 * a route's are not, seldom touches the table.
 */
export class PointTable {
  readonly #coordinates: Int32Array;
  /** Index + 1 of the point, or EMPTY. */
  readonly #slots: Uint32Array;
  readonly #slotMask: number;
  readonly #filter: Int32Array;
  readonly #filterMask: number;

  /**
   * @param coordinates latitude and longitude in E7 of each point, in turn
   * @param ranks of several points with the same coordinates, the one of the lowest rank is found
   */
  constructor(coordinates: Int32Array, ranks: ArrayLike<number>) {
    const size = coordinates.length / 2;
    this.#coordinates = coordinates;
    this.#slots = new Uint32Array(powerOfTwo(size / MAX_LOAD));
    this.#slotMask = this.#slots.length - 1;
    this.#filter = new Int32Array(powerOfTwo((size * FILTER_BITS_PER_POINT) / 32));
    this.#filterMask = this.#filter.length - 1;
    for (let i = 0; i < size; i++) this.#insert(i, ranks);
  }

  /** The index of the point in the array of coordinates, or -1. */
  find(latitude: number, longitude: number): number {
    const hash = hashOf(latitude, longitude);
    const bits = filterBits(hash);
    if (((this.#filter[hash & this.#filterMask] as number) & bits) !== bits) return -1;
    for (let slot = slotHash(hash) & this.#slotMask; ; slot = (slot + 1) & this.#slotMask) {
      const index = (this.#slots[slot] as number) - 1;
      if (index < 0) return -1;
      if (this.#coordinates[2 * index] === latitude && this.#coordinates[2 * index + 1] === longitude) return index;
    }
  }

  #insert(index: number, ranks: ArrayLike<number>): void {
    const latitude = this.#coordinates[2 * index] as number;
    const longitude = this.#coordinates[2 * index + 1] as number;
    const hash = hashOf(latitude, longitude);
    let slot = slotHash(hash) & this.#slotMask;
    while (this.#slots[slot] !== EMPTY) {
      const other = (this.#slots[slot] as number) - 1;
      if (this.#coordinates[2 * other] === latitude && this.#coordinates[2 * other + 1] === longitude) {
        if ((ranks[index] as number) < (ranks[other] as number)) this.#slots[slot] = index + 1;
        return;
      }
      slot = (slot + 1) & this.#slotMask;
    }
    this.#slots[slot] = index + 1;
    const word = hash & this.#filterMask;
    this.#filter[word] = (this.#filter[word] as number) | filterBits(hash);
  }
}

const powerOfTwo = (atLeast: number) => 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, atLeast))));
