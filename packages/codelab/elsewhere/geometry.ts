/** What the services of the closing page need of points. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}
export interface Place {
  readonly name: string;
  readonly location: Point;
}

export const isSame = (a: Point, b: Point): boolean =>
  a.latitude === b.latitude && a.longitude === b.longitude;

export const isBetween = (
  { latitude, longitude }: Point,
  lo: Point,
  hi: Point,
): boolean =>
  latitude >= Math.min(lo.latitude, hi.latitude) &&
  latitude <= Math.max(lo.latitude, hi.latitude) &&
  longitude >= Math.min(lo.longitude, hi.longitude) &&
  longitude <= Math.max(lo.longitude, hi.longitude);

export const keyOf = (point: Point | undefined): string =>
  `${point?.latitude ?? 0},${point?.longitude ?? 0}`;
