import { keyOf, type Point } from "./point.js";

/** A point and what it is called; "" if nobody knows. */
export interface Place {
  readonly name: string;
  readonly location: Point;
}

/** The first part of "New York City, New York, US" and the rest. */
export function partsOf(name: string): readonly [name: string, region: string] {
  const at = name.indexOf(", ");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 2)];
}

/** One text for each place. More than one may be at a point. */
export const placeKeyOf = ({ name, location }: Place): string => `${keyOf(location)} ${name}`;
