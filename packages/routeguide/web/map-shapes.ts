/** What is shown on the map, as GeoJSON. */
import type { Feature, FeatureCollection } from "geojson";
import { greatCircle } from "./great-circle.js";
import type { ShownNote } from "./note.js";
import { type Place, partsOf } from "./place.js";
import { degreesOf, keyOf, type Point } from "./point.js";

export function placeShapes(places: readonly Place[]): FeatureCollection {
  return collection(
    places.map(({ name, location }, rank) => pointShape(location, { name, label: partsOf(name)[0], rank })),
  );
}

/**
 * One mark for a point, however many notes are there.
 *
 * @param fresh the keys of points at which notes have arrived just now
 */
export function noteShapes(notes: readonly ShownNote[], fresh: { has(key: string): boolean }): FeatureCollection {
  const points = new Map(notes.map(({ location }) => [keyOf(location), location]));
  return collection([...points].map(([key, point]) => pointShape(point, { hasArrived: fresh.has(key) })));
}

/** The points and the line between them, which goes the way that the server measures. */
export function routeShapes(points: readonly Point[]): FeatureCollection {
  const line: number[][] = [];
  for (const [i, point] of points.entries()) {
    const [from, to] = [points[i - 1], degreesOf(point)];
    for (const { lat, lng } of from === undefined ? [to] : greatCircle(degreesOf(from), to)) {
      // Beyond the antimeridian longitudes go on: a jump from 180 to -180 would be drawn across the whole map.
      const before = line.at(-1)?.[0] ?? lng;
      line.push([lng + 360 * Math.round((before - lng) / 360), lat]);
    }
  }
  const path: Feature[] =
    line.length < 2 ? [] : [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: line } }];
  return collection([...path, ...points.map((point) => pointShape(point, {}))]);
}

export const chosenShape = (point: Point | undefined): FeatureCollection =>
  collection(point === undefined ? [] : [pointShape(point, {})]);

const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

/** With the exact point among the properties: positions that the map gives back are rounded. */
function pointShape({ latitude, longitude }: Point, properties: Readonly<Record<string, unknown>>): Feature {
  const { lat, lng } = degreesOf({ latitude, longitude });
  return {
    type: "Feature",
    properties: { ...properties, latitude, longitude },
    geometry: { type: "Point", coordinates: [lng, lat] },
  };
}
