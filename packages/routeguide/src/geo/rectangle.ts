import type { Point } from "./point.js";

/** An area with its edges, in E7: south <= north and west <= east. It never spans the antimeridian. */
export interface Rectangle {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/**
 * The rectangle between two opposite corners, given in any order: the smaller latitude is south, the smaller longitude west.
 * An area that spans the antimeridian is asked for as two.
 */
export function rectangleBetween(one: Point, other: Point): Rectangle {
  return {
    south: Math.min(one.latitude, other.latitude),
    west: Math.min(one.longitude, other.longitude),
    north: Math.max(one.latitude, other.latitude),
    east: Math.max(one.longitude, other.longitude),
  };
}

/** Whether a point in E7 lies in a rectangle or on its edge. */
export function contains({ south, west, north, east }: Rectangle, latitude: number, longitude: number): boolean {
  return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
}
