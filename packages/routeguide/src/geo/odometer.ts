import { EARTH_RADIUS_METRES, haversine, RADIANS_PER_E7 } from "./haversine.js";

const INT32_MAX = 0x7fff_ffff;
const HALF_RADIANS_PER_E7 = RADIANS_PER_E7 / 2;
/** Up to here, 1.5 degrees in either coordinate, a step is short: its half is at most 0.0131 radians. */
export const SHORT_STEP_E7 = 15_000_000;

/**
 * Measures a route along great circles, leg by leg, as it is travelled.
 *
 * A step of at most 1.5 degrees each way, as a traveller's are, takes one cosine, three short polynomials and a square root
 * instead of six calls of Math, and is {@link haversine}'s to within 1e-14 of its length; any other is haversine's itself.
 * Legs are summed in doubles and rounded once, at the end.
 */
export class Odometer {
  #started = false;
  #latitude = 0;
  #longitude = 0;
  #cosLatitude = 1;
  #radians = 0;

  /** The length so far as an angle at the Earth's centre. */
  get radians(): number {
    return this.#radians;
  }

  /** The length so far in whole metres, at most 2^31 - 1. */
  get metres(): number {
    return Math.min(Math.round(this.#radians * EARTH_RADIUS_METRES), INT32_MAX);
  }

  /** Goes on to the next `count` points, in E7, from wherever the last call ended. */
  pass(latitudes: Int32Array, longitudes: Int32Array, count: number): void {
    if (count === 0) return;
    if (!this.#started) this.#start(latitudes[0] as number, longitudes[0] as number);
    let lastLatitude = this.#latitude;
    let lastLongitude = this.#longitude;
    let lastCos = this.#cosLatitude;
    let radians = this.#radians;
    // A hot loop: state lies in locals, and the casts spare a check that count makes needless.
    for (let i = 0; i < count; i++) {
      const latitude = latitudes[i] as number;
      const longitude = longitudes[i] as number;
      const cos = Math.cos(latitude * RADIANS_PER_E7);
      const north = latitude - lastLatitude;
      const east = longitude - lastLongitude;
      if (north <= SHORT_STEP_E7 && north >= -SHORT_STEP_E7 && east <= SHORT_STEP_E7 && east >= -SHORT_STEP_E7) {
        const sinLatitude = sinOfShort(north * HALF_RADIANS_PER_E7);
        const sinLongitude = sinOfShort(east * HALF_RADIANS_PER_E7);
        const a = sinLatitude * sinLatitude + lastCos * cos * sinLongitude * sinLongitude;
        radians += 2 * asinOfShort(Math.sqrt(a));
      } else {
        radians += haversine(lastLatitude, lastLongitude, latitude, longitude);
      }
      lastLatitude = latitude;
      lastLongitude = longitude;
      lastCos = cos;
    }
    this.#latitude = lastLatitude;
    this.#longitude = lastLongitude;
    this.#cosLatitude = lastCos;
    this.#radians = radians;
  }

  #start(latitude: number, longitude: number): void {
    this.#started = true;
    this.#latitude = latitude;
    this.#longitude = longitude;
    this.#cosLatitude = Math.cos(latitude * RADIANS_PER_E7);
  }
}

/** Taylor's series of sin to x^5. The first term left out is x^6/5040 of the whole: under 1.1e-15 for |x| <= 0.0131. */
export function sinOfShort(x: number): number {
  const square = x * x;
  return x * (1 - square * (1 / 6 - square * (1 / 120)));
}

/**
 * Taylor's series of asin to s^7. A short step has s <= sqrt(2) x 0.0131 = 0.0186, where the first term left out, 105/3456 s^8 of the
 * whole, is under 4.4e-16.
 */
export function asinOfShort(s: number): number {
  const square = s * s;
  return s * (1 + square * (1 / 6 + square * (3 / 40 + square * (15 / 336))));
}
