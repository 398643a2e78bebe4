import { Invalid } from "./invalid.js";

/** A position in E7: degrees x 10^7, both int32. */
export interface Point {
  /** -900,000,000 to 900,000,000, north is positive. */
  readonly latitude: number;
  /** -1,800,000,000 to 1,800,000,000, east is positive. */
  readonly longitude: number;
}

export const E7_PER_DEGREE = 10_000_000;
/** The poles: 90 degrees in E7. */
export const MAX_LATITUDE_E7 = 90 * E7_PER_DEGREE;
/** The antimeridian: 180 degrees in E7. */
export const MAX_LONGITUDE_E7 = 180 * E7_PER_DEGREE;

/** Whether both coordinates, which must be numbers, are within +-90 and +-180 degrees. */
export function isOnEarth(latitude: number, longitude: number): boolean {
  return (
    latitude >= -MAX_LATITUDE_E7 &&
    latitude <= MAX_LATITUDE_E7 &&
    longitude >= -MAX_LONGITUDE_E7 &&
    longitude <= MAX_LONGITUDE_E7
  );
}

/**
 * What is wrong with a point in E7, if anything is.
 *
 * @param path where the point stands in its message, with a dot behind: `lo.`; empty if it is the message
 */
export function checkPoint(latitude: number, longitude: number, path = ""): Invalid | undefined {
  if (isOnEarth(latitude, longitude)) return undefined;
  if (isOnEarth(latitude, 0)) {
    return new Invalid(`${path}longitude`, String(longitude), "E7 of -180 to 180 degrees: -1800000000 to 1800000000");
  }
  return new Invalid(`${path}latitude`, String(latitude), "E7 of -90 to 90 degrees: -900000000 to 900000000");
}

/**
 * Degrees of an E7 integer, exactly: always with seven decimals, so that no reader takes them for E7.
 *
 * @param e7 an integer
 */
export function formatDegrees(e7: number): string {
  return (e7 / E7_PER_DEGREE).toFixed(7);
}
