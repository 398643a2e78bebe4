import { envelopeSize } from "../contract/envelope-writer.js";
import { Invalid } from "../geo/invalid.js";
import { Arena } from "./arena.js";
import { Atlas } from "./atlas.js";
import { grown } from "./growing.js";
import { kdOrdered } from "./kd-order.js";
import { MAX_NAME_BYTES, NameHeap } from "./name-heap.js";
import { PointTable } from "./point-table.js";

/**
 * Positions of names and of envelopes are 32 bits. The rest up to 4 GiB is for what is lost at the ends of chunks, where the next one did
 * not fit: at worst a sixteenth, with names of 64 KiB in chunks of 1 MiB.
 */
const MAX_ARENA_BYTES = 3.5 * 2 ** 30;

/** Of so many features, those that were added first, the order is kept: what a map of the world can show. */
const RANKED_FEATURES = 5000;

/** Takes features one by one, in the order of their importance, and packs them into an atlas. Nothing is kept of it in objects. */
export class AtlasBuilder {
  readonly #maxBytes: number;
  #names = new NameHeap();
  #coordinates = new Int32Array(2048);
  #size = 0;
  #arenaBytes = 0;

  /** @param maxBytes of all envelopes together */
  constructor(maxBytes: number = MAX_ARENA_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** How many features were added. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a feature at a point in E7, which must be on Earth, with the name in bytes[start, end), which may be empty.
   *
   * @returns what is wrong with the name; then nothing was added
   */
  add(latitude: number, longitude: number, bytes: Uint8Array, start: number, end: number): Invalid | undefined {
    if (end - start > MAX_NAME_BYTES) {
      return new Invalid("name", `${end - start} bytes long`, `at most ${MAX_NAME_BYTES}`);
    }
    const envelopeBytes = envelopeSize(latitude, longitude, end - start);
    if (this.#arenaBytes + envelopeBytes > this.#maxBytes) {
      const size = `${this.#arenaBytes + envelopeBytes} bytes as envelopes`;
      return new Invalid(`the first ${this.#size + 1} features`, size, `at most ${this.#maxBytes} bytes`);
    }
    if (!this.#names.add(bytes, start, end)) return new Invalid("name", "not UTF-8", "text in UTF-8");
    this.#coordinates = grown(this.#coordinates, 2 * this.#size + 2);
    this.#coordinates[2 * this.#size] = latitude;
    this.#coordinates[2 * this.#size + 1] = longitude;
    this.#size++;
    this.#arenaBytes += envelopeBytes;
    return undefined;
  }

  /** Packs what was added. The builder is empty afterwards, so that nothing is in memory twice. */
  build(): Atlas {
    const names = this.#names;
    const arenaBytes = this.#arenaBytes;
    const { order, ids } = kdOrdered(this.#coordinates.subarray(0, 2 * this.#size));
    this.#names = new NameHeap();
    this.#coordinates = new Int32Array(2048);
    this.#size = 0;
    this.#arenaBytes = 0;

    const { coordinates } = order;
    const arena = new Arena(ids.length, arenaBytes);
    names.forEach(ids, (index, name, start, end) => {
      arena.add(coordinates[2 * index] as number, coordinates[2 * index + 1] as number, name, start, end);
    });
    return new Atlas(ids.length, order, new PointTable(coordinates, ids), arena, firstOf(ids));
  }
}

/** Where those features have gone that were added first. */
function firstOf(ids: Uint16Array | Uint32Array): Int32Array {
  const first = new Int32Array(Math.min(ids.length, RANKED_FEATURES));
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index] as number;
    if (id < first.length) first[id] = index;
  }
  return first;
}
