/** What the soak's server serves, and what is right to answer. */
import { distanceMetres, type Feature, isInside, type Point, type Rectangle } from "../data.js";
import { randomFrom } from "../random.js";

const FEATURES = 20_000;
/** A square of features in the Atlantic, in E7. */
const SOUTH = 300_000_000;
const WEST = -500_000_000;
const SIDE = 20_000_000;

export const FEATURES_EVERYWHERE = FEATURES;

export interface World {
  readonly features: readonly Feature[];
  /** A rectangle of about so many features, and the names of those that are in it. */
  rectangle(
    random: () => number,
    about: number,
  ): { readonly rectangle: Rectangle; readonly names: ReadonlySet<string> };
  /** Points of which some are features, and their summary. */
  route(
    random: () => number,
    points: number,
  ): { readonly points: Point[]; readonly features: number; readonly metres: number };
}

export function makeWorld(): World {
  const random = randomFrom(7);
  const taken = new Map<string, Feature>();
  while (taken.size < FEATURES) {
    const location = pointFrom(random);
    if (!taken.has(keyOf(location))) taken.set(keyOf(location), { name: `Buoy ${taken.size}`, location });
  }
  const features = [...taken.values()];
  return {
    features,
    rectangle(random, about) {
      const lo = pointFrom(random);
      const side = Math.floor(SIDE * Math.sqrt(about / FEATURES));
      const rectangle = { lo, hi: { latitude: lo.latitude + side, longitude: lo.longitude + side } };
      const names = features.filter(({ location }) => isInside(location, rectangle)).map(({ name }) => name);
      return { rectangle, names: new Set(names) };
    },
    route(random, count) {
      const points = Array.from({ length: count }, (_, i) =>
        i % 2 === 0 ? (features[Math.floor(random() * FEATURES)]?.location ?? pointFrom(random)) : pointFrom(random),
      );
      let metres = 0;
      for (const [i, to] of points.entries()) {
        const from = points[i - 1];
        if (from !== undefined) metres += distanceMetres(from, to);
      }
      const found = points.filter((point) => taken.has(keyOf(point)));
      return { points, features: found.length, metres: Math.round(metres) };
    },
  };
}

function keyOf({ latitude, longitude }: Point): string {
  return `${latitude} ${longitude}`;
}

function pointFrom(random: () => number): Point {
  return { latitude: SOUTH + Math.floor(random() * SIDE), longitude: WEST + Math.floor(random() * SIDE) };
}
