/** Places of the tutorial that the checks go to. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../project/tree.js";

/** All of them, as the learner has them. */
export const PLACES = JSON.parse(
  readFileSync(join(packageRoot, "completed/places.json"), "utf8"),
) as readonly TutorialPlace[];

export interface TutorialPlace {
  readonly name: string;
  readonly location: { readonly latitude: number; readonly longitude: number };
}

/** 64 of the 100 places have a name; this is the first. */
export const KNOWN = {
  name: "Patriots Path, Mendham, NJ 07945, USA",
  location: { latitude: 407838351, longitude: -746143763 },
} as const;
/** One of the 36 that have none. */
export const UNNAMED = { name: "", location: { latitude: 407113723, longitude: -749746483 } } as const;
/** No place at all. */
export const NOWHERE = { latitude: 1, longitude: 2 } as const;

/** A location without what protobuf-es adds to it. */
export const plain = (point: { latitude: number; longitude: number } | undefined) =>
  point === undefined ? undefined : { latitude: point.latitude, longitude: point.longitude };
