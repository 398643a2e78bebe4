/** Given: the features that the service knows. Nothing to change here. */
import { readFileSync } from "node:fs";

/** A named point, in the shape of the message Feature. */
export interface Place {
  /** May be empty: nobody has named it yet. */
  readonly name: string;
  /** In E7: degrees times 10,000,000. */
  readonly location: { readonly latitude: number; readonly longitude: number };
}

/** Reads the places of a JSON file. */
export function loadPlaces(file = "places.json"): readonly Place[] {
  return JSON.parse(readFileSync(file, "utf8")) as Place[];
}
