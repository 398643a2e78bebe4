/** Given: how far it is between two points. Nothing to change here. */
import type { Place } from "./places.js";

const EARTH_RADIUS_METRES = 6_371_000;
const RADIANS_PER_E7 = Math.PI / 180 / 10_000_000;

/**
 * Metres along the great circle between two points in E7, by the haversine
 * formula. Not rounded.
 */
export function distanceBetween(
  from: Place["location"],
  to: Place["location"],
): number {
  const latitudes = (to.latitude - from.latitude) * RADIANS_PER_E7;
  const longitudes = (to.longitude - from.longitude) * RADIANS_PER_E7;
  const a =
    Math.sin(latitudes / 2) ** 2 +
    Math.cos(from.latitude * RADIANS_PER_E7) *
      Math.cos(to.latitude * RADIANS_PER_E7) *
      Math.sin(longitudes / 2) ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(a)));
}
