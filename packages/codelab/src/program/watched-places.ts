/**
 * The places.js that the learner's server gets while it is checked: what it loads can be as long as a check needs, and counts how
 * many places were looked at. Runs in the learner's process.
 */
import { readFileSync } from "node:fs";

interface Place {
  readonly name: string;
  readonly location: { readonly latitude: number; readonly longitude: number };
}

/** How many places a check wants at least, in all. */
export const PLACES_VARIABLE = "ROUTEGUIDE_LAB_PLACES";
/** Where the places lie that are added: north of everything that the tutorial knows, a metre or so from each other. */
export const EXTRA_PLACES = { latitude: 600_000_000, longitude: 0, stepE7: 100 } as const;

let looks = 0;

/** How many places were looked at since this was last asked. */
export function takeLooks(): number {
  const taken = looks;
  looks = 0;
  return taken;
}

/** Stands for the function of this name in the learner's places.ts. */
export function loadPlaces(file = "places.json"): readonly Place[] {
  const places = JSON.parse(readFileSync(file, "utf8")) as Place[];
  const wanted = Number(process.env[PLACES_VARIABLE] ?? 0);
  for (let i = places.length; i < wanted; i++) places.push(extraPlace(i));
  return wanted > 0 ? watched(places) : places;
}

function extraPlace(i: number): Place {
  const { latitude, longitude, stepE7 } = EXTRA_PLACES;
  return { name: `Milestone ${i}`, location: { latitude, longitude: longitude + i * stepE7 } };
}

/** An array that counts how often one of its elements is read. */
function watched(places: Place[]): readonly Place[] {
  return new Proxy(places, {
    get(target, key, receiver) {
      if (typeof key === "string" && key.charCodeAt(0) <= 0x39) looks++;
      return Reflect.get(target, key, receiver);
    },
  });
}
