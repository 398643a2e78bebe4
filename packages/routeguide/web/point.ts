/** Points as the contract has them, in E7 (degrees x 10^7), and as people read them. */

export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** In degrees. The longitude may go beyond +-180: maps count on where the world repeats itself. */
export interface Degrees {
  readonly lat: number;
  readonly lng: number;
}

export const E7_PER_DEGREE = 10_000_000;

/** The point nearest to a position, to five decimals, which is about a metre: nobody aims better on a map. */
export function pointAt({ lat, lng }: Degrees): Point {
  return { latitude: roundToE7(clampLatitude(lat)), longitude: roundToE7(wrapLongitude(lng)) };
}

export const degreesOf = ({ latitude, longitude }: Point): Degrees => ({
  lat: latitude / E7_PER_DEGREE,
  lng: longitude / E7_PER_DEGREE,
});

/** One text for each point. */
export const keyOf = ({ latitude, longitude }: Point): string => `${latitude},${longitude}`;

export const isSamePoint = (one: Point, other: Point): boolean =>
  one.latitude === other.latitude && one.longitude === other.longitude;

/** 40.71427° N, 74.00597° W */
export function formatPoint({ latitude, longitude }: Point): string {
  return `${formatDegrees(latitude, "N", "S")}, ${formatDegrees(longitude, "E", "W")}`;
}

/** The same longitude within -180 and 180 degrees. */
export const wrapLongitude = (lng: number): number =>
  lng >= -180 && lng <= 180 ? lng : lng - 360 * Math.floor((lng + 180) / 360);

export const clampLatitude = (lat: number): number => Math.max(-90, Math.min(90, lat));

/** E7 that a position of five decimals has. */
const roundToE7 = (degrees: number): number => Math.round(degrees * 100_000) * (E7_PER_DEGREE / 100_000);

function formatDegrees(e7: number, positive: string, negative: string): string {
  const degrees = (Math.abs(e7) / E7_PER_DEGREE).toFixed(7).replace(/\.?0+$/, "");
  return e7 === 0 ? "0°" : `${degrees}° ${e7 > 0 ? positive : negative}`;
}
