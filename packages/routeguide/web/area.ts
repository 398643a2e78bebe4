import { clampLatitude, E7_PER_DEGREE, type Point, wrapLongitude } from "./point.js";

/** What a view shows, in degrees. West and east may go beyond +-180; east is never west of west. */
export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** Two corners in E7, as the contract has them. */
export interface Area {
  readonly lo: Point;
  readonly hi: Point;
}

/** The rectangles of a view: one, or two if it spans the antimeridian, which no rectangle of the contract does. */
export function areasOf({ south, west, north, east }: Bounds): readonly Area[] {
  const area = (from: number, to: number): Area => ({
    lo: { latitude: floorE7(clampLatitude(south)), longitude: floorE7(from) },
    hi: { latitude: ceilE7(clampLatitude(north)), longitude: ceilE7(to) },
  });
  if (east - west >= 360) return [area(-180, 180)];
  const from = wrapLongitude(west);
  const to = from + (east - west);
  return to <= 180 ? [area(from, to)] : [area(from, 180), area(-180, to - 360)];
}

/** Outwards, so that what stands on the edge of the view is in. */
const floorE7 = (degrees: number): number => Math.floor(degrees * E7_PER_DEGREE);
const ceilE7 = (degrees: number): number => Math.ceil(degrees * E7_PER_DEGREE);
