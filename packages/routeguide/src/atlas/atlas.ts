import { envelopeSize, writeFeature } from "../contract/envelope-writer.js";
import { contains, type Rectangle } from "../geo/rectangle.js";
import type { Arena } from "./arena.js";
import { gatheredRuns } from "./gather.js";
import { Intervals } from "./intervals.js";
import type { KdOrder } from "./kd-order.js";
import type { PointTable } from "./point-table.js";
import type { Run } from "./run.js";

const NO_NAME = new Uint8Array(0);

/**
 * All features, packed: what is asked for leaves as it lies in memory. Made by an AtlasBuilder, never changed.
 */
export class Atlas {
  /** How many features. Several may share their coordinates. */
  readonly size: number;
  readonly #order: KdOrder;
  readonly #table: PointTable;
  readonly #arena: Arena;
  /** The features that were added first, as indexes into the order. */
  readonly #first: Int32Array;

  constructor(size: number, order: KdOrder, table: PointTable, arena: Arena, first: Int32Array) {
    this.size = size;
    this.#order = order;
    this.#table = table;
    this.#arena = arena;
    this.#first = first;
  }

  /** Whether there is a feature at exactly this point in E7. */
  has(latitude: number, longitude: number): boolean {
    return this.#table.find(latitude, longitude) >= 0;
  }

  /** How many of the points in E7 are exactly a feature's: each counts once, however many features share it. */
  countFeatures(latitudes: Int32Array, longitudes: Int32Array, count: number): number {
    const table = this.#table;
    let found = 0;
    for (let i = 0; i < count; i++) {
      if (table.find(latitudes[i] as number, longitudes[i] as number) >= 0) found++;
    }
    return found;
  }

  /**
   * The envelope of the feature at exactly this point in E7: the first that was added, if several share it. Where there is none, an
   * envelope with an empty name and this location.
   */
  feature(latitude: number, longitude: number): Run {
    const index = this.#table.find(latitude, longitude);
    if (index >= 0) return this.#arena.at(index);
    const bytes = new Uint8Array(envelopeSize(latitude, longitude, 0));
    writeFeature(bytes, 0, latitude, longitude, NO_NAME, 0, 0);
    return { bytes, start: 0, end: bytes.length, count: 1 };
  }

  /**
   * The envelopes of all features in a rectangle, edges included, in runs of at most 128 KiB. Which features they are is found at once,
   * a run is made when it is pulled.
   */
  runs(rectangle: Rectangle): Iterable<Run> {
    return gatheredRuns(this.#arena, this.#order.intervals(rectangle));
  }

  /** The same of those in a rectangle that were added first, at most so many: of the 5000 whose order is known. */
  topRuns(rectangle: Rectangle, most: number): Iterable<Run> {
    const { coordinates } = this.#order;
    const found = new Intervals();
    for (const index of this.#first) {
      if (found.size === most) break;
      if (contains(rectangle, coordinates[2 * index] as number, coordinates[2 * index + 1] as number)) {
        found.add(index, index + 1);
      }
    }
    return gatheredRuns(this.#arena, found);
  }
}
