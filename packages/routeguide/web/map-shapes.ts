/** What is shown on the map, as GeoJSON. */
import type { Feature, FeatureCollection } from "geojson";
import type { ShownNote } from "./note.js";
import { type Place, partsOf } from "./place.js";
import { degreesOf, keyOf, type Point } from "./point.js";

export function placeShapes(places: readonly Place[]): FeatureCollection {
  return collection(
    places.map(({ name, location }, rank) => pointShape(location, { name, label: partsOf(name)[0], rank })),
  );
}

/** One mark for a point, however many notes are there. */
export function noteShapes(notes: readonly ShownNote[], arrived: readonly ShownNote[]): FeatureCollection {
  const fresh = new Set(arrived.map(({ location }) => keyOf(location)));
  const points = new Map(notes.map(({ location }) => [keyOf(location), location]));
  return collection([...points].map(([key, point]) => pointShape(point, { hasArrived: fresh.has(key) })));
}

/** The points and the line between them, which goes the shorter way round the world. */
export function routeShapes(points: readonly Point[]): FeatureCollection {
  const line: number[][] = [];
  for (const point of points) {
    const { lat, lng } = degreesOf(point);
    const before = line.at(-1)?.[0] ?? lng;
    line.push([lng + 360 * Math.round((before - lng) / 360), lat]);
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
