import { decodePoints } from "../contract/point-decoder.js";
import type { Invalid } from "../geo/invalid.js";
import { Odometer } from "../geo/odometer.js";
import { checkPoint, isOnEarth } from "../geo/point.js";

/** Points are decoded, looked up and measured this many at a time: what they need then lies in the processor's first cache. */
const BLOCK_POINTS = 1024;
const INT32_MAX = 0x7fff_ffff;

/** Whoever knows where features are: the atlas. */
export interface FeatureCounter {
  /** How many of the first `count` points, in E7, are exactly a feature's. */
  countFeatures(latitudes: Int32Array, longitudes: Int32Array, count: number): number;
}

/** What a read brought of a route: routeguide.Point messages, message i in bytes[starts[i], ends[i]). */
export interface PointBatch {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

/** Why a route cannot go on. */
export interface BadPoint {
  /** Which point of the route it is, from 0. */
  readonly index: number;
  /** What is wrong with its coordinates; undefined if the message is malformed. */
  readonly invalid: Invalid | undefined;
}

/** A routeguide.RouteSummary: all fields are int32 and stay at its largest value beyond. */
export interface RouteSummary {
  readonly pointCount: number;
  readonly featureCount: number;
  /** Metres, along great circles. */
  readonly distance: number;
  /** Whole seconds. */
  readonly elapsedTime: number;
}

// One call of add() ends before the next begins, whichever recorders they are of: the scratch is shared by all.
const latitudes = new Int32Array(BLOCK_POINTS);
const longitudes = new Int32Array(BLOCK_POINTS);

/** Records one route, as its points come. It keeps five numbers, however long the route is. */
export class RouteRecorder {
  readonly #features: FeatureCounter;
  readonly #odometer = new Odometer();
  #pointCount = 0;
  #featureCount = 0;

  constructor(features: FeatureCounter) {
    this.#features = features;
  }

  /**
   * Adds the points of a batch.
   *
   * @returns the first point that is malformed or not on Earth; then the route is of no use any more
   */
  add({ bytes, starts, ends, count }: PointBatch): BadPoint | undefined {
    for (let from = 0; from < count; from += BLOCK_POINTS) {
      const wanted = Math.min(BLOCK_POINTS, count - from);
      const decoded = decodePoints(bytes, starts, ends, from, wanted, latitudes, longitudes);
      const bad = firstOffEarth(decoded);
      if (bad < decoded) return this.#offEarth(bad);
      if (decoded < wanted) return { index: this.#pointCount + decoded, invalid: undefined };
      this.#odometer.pass(latitudes, longitudes, decoded);
      this.#featureCount += this.#features.countFeatures(latitudes, longitudes, decoded);
      this.#pointCount += decoded;
    }
    return undefined;
  }

  /**
   * The route's summary.
   *
   * @param elapsedMs since the call began, by a clock that never goes back
   */
  summary(elapsedMs: number): RouteSummary {
    return {
      pointCount: Math.min(this.#pointCount, INT32_MAX),
      featureCount: Math.min(this.#featureCount, INT32_MAX),
      distance: this.#odometer.metres,
      elapsedTime: Math.min(Math.floor(elapsedMs / 1000), INT32_MAX),
    };
  }

  #offEarth(block: number): BadPoint {
    return {
      index: this.#pointCount + block,
      invalid: checkPoint(latitudes[block] as number, longitudes[block] as number),
    };
  }
}

/** The place in the scratch of the first of `count` points that is not on Earth; `count` if all are. */
function firstOffEarth(count: number): number {
  for (let i = 0; i < count; i++) if (!isOnEarth(latitudes[i] as number, longitudes[i] as number)) return i;
  return count;
}
