import { randomFrom } from "./random.js";

/** E7: degrees times 10^7. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}
export interface Feature {
  readonly name: string;
  readonly location: Point;
}
export interface Rectangle {
  readonly lo: Point;
  readonly hi: Point;
}
export interface Note {
  readonly location: Point;
  readonly message: string;
}

export const FEATURE_COUNT = 100_000;
const ROUTE_POINTS = 100_000;
/** Every hundredth point of the route is a feature. */
const POINTS_A_LEG = 100;
const SMALL_COUNT = 20;
const SMALL_RECTANGLES = 12;

/** 40..42 degrees north, 75..73 degrees west: where the tutorials' features lie. */
const SOUTH = 400_000_000;
const WEST = -750_000_000;
const SIDE = 20_000_000;

export const EVERYWHERE: Rectangle = {
  lo: { latitude: -900_000_000, longitude: -1_800_000_000 },
  hi: { latitude: 900_000_000, longitude: 1_800_000_000 },
};

/** A point at which the tutorials' features have one, and so has every server that clients are measured on. */
export const KNOWN: Point = { latitude: 409146138, longitude: -746188906 };

/** What all servers load and all workloads ask for. */
export interface Data {
  readonly features: readonly Feature[];
  readonly route: readonly Point[];
  /** Rectangles that hold {@link SMALL_COUNT} features each. */
  readonly small: readonly { readonly rectangle: Rectangle; readonly count: number }[];
}

export function makeData(): Data {
  const random = randomFrom(42);
  const features = makeFeatures(random);
  return { features, route: makeRoute(features), small: makeSmall(random, features) };
}

function makeFeatures(random: () => number): Feature[] {
  const taken = new Set<number>();
  const features: Feature[] = [];
  while (features.length < FEATURE_COUNT) {
    const south = Math.floor(random() * SIDE);
    const west = Math.floor(random() * SIDE);
    if (taken.has(south * SIDE + west)) continue;
    taken.add(south * SIDE + west);
    const location = { latitude: SOUTH + south, longitude: WEST + west };
    features.push({ name: `${features.length} Valley Road, Jefferson, NJ, USA`, location });
  }
  return features;
}

function makeRoute(features: readonly Feature[]): Point[] {
  return Array.from({ length: ROUTE_POINTS }, (_, i) => {
    const leg = Math.floor(i / POINTS_A_LEG);
    const share = (i % POINTS_A_LEG) / POINTS_A_LEG;
    const from = locationOf(features, leg);
    const to = locationOf(features, leg + 1);
    return {
      latitude: Math.round(from.latitude + (to.latitude - from.latitude) * share),
      longitude: Math.round(from.longitude + (to.longitude - from.longitude) * share),
    };
  });
}

function makeSmall(random: () => number, features: readonly Feature[]): Data["small"] {
  const side = SIDE * Math.sqrt(SMALL_COUNT / FEATURE_COUNT);
  const found: { rectangle: Rectangle; count: number }[] = [];
  while (found.length < SMALL_RECTANGLES) {
    const latitude = Math.floor(SOUTH + random() * (SIDE - side));
    const longitude = Math.floor(WEST + random() * (SIDE - side));
    const hi = { latitude: Math.floor(latitude + side), longitude: Math.floor(longitude + side) };
    const rectangle = { lo: { latitude, longitude }, hi };
    const count = features.filter(({ location }) => isInside(location, rectangle)).length;
    if (count === SMALL_COUNT) found.push({ rectangle, count });
  }
  return found;
}

export function isInside({ latitude, longitude }: Point, { lo, hi }: Rectangle): boolean {
  return (
    latitude >= Math.min(lo.latitude, hi.latitude) &&
    latitude <= Math.max(lo.latitude, hi.latitude) &&
    longitude >= Math.min(lo.longitude, hi.longitude) &&
    longitude <= Math.max(lo.longitude, hi.longitude)
  );
}

function locationOf(features: readonly Feature[], i: number): Point {
  const feature = features[i];
  if (feature === undefined) throw new RangeError(`there is no feature ${i}`);
  return feature.location;
}

/** What RecordRoute must answer: the formulas as they stand, in a plain loop. */
export function summarize(route: readonly Point[], features: readonly Feature[]): { features: number; metres: number } {
  const known = new Set(features.map(({ location: { latitude, longitude } }) => `${latitude} ${longitude}`));
  let metres = 0;
  let count = 0;
  let before: Point | undefined;
  for (const point of route) {
    if (known.has(`${point.latitude} ${point.longitude}`)) count++;
    if (before !== undefined) metres += distanceMetres(before, point);
    before = point;
  }
  return { features: count, metres: Math.round(metres) };
}

/** The haversine formula on a sphere with a radius of 6 371 km. */
export function distanceMetres(from: Point, to: Point): number {
  const radians = (e7: number) => (e7 / 1e7) * (Math.PI / 180);
  const a =
    Math.sin((radians(to.latitude) - radians(from.latitude)) / 2) ** 2 +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      Math.sin((radians(to.longitude) - radians(from.longitude)) / 2) ** 2;
  return 6_371_000 * 2 * Math.asin(Math.sqrt(Math.min(1, a)));
}
