import { E7_PER_DEGREE } from "./point.js";

/** The mean radius of the Earth that RouteGuide's tutorials use, in metres. */
export const EARTH_RADIUS_METRES = 6_371_000;
export const RADIANS_PER_E7 = Math.PI / 180 / E7_PER_DEGREE;

/**
 * The great-circle distance between two points in E7, in radians, by the haversine formula as it is written
 * (https://www.movable-type.co.uk/scripts/latlong.html): a = sin^2(dlat/2) + cos(lat1) cos(lat2) sin^2(dlon/2), c = 2 asin(sqrt(a)).
 * Differences are taken between integers, where they are exact. `a` is clamped to 1, which rounding may exceed for antipodes.
 */
export function haversine(latitude1: number, longitude1: number, latitude2: number, longitude2: number): number {
  const sinLatitude = Math.sin(((latitude2 - latitude1) * RADIANS_PER_E7) / 2);
  const sinLongitude = Math.sin(((longitude2 - longitude1) * RADIANS_PER_E7) / 2);
  const cosines = Math.cos(latitude1 * RADIANS_PER_E7) * Math.cos(latitude2 * RADIANS_PER_E7);
  const a = sinLatitude * sinLatitude + cosines * sinLongitude * sinLongitude;
  return 2 * Math.asin(Math.sqrt(Math.min(1, a)));
}
