// The world as the map draws it, made from world-atlas (Natural Earth, 1:50,000,000): land, borders, and a point for each country's name.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { feature, mesh } from "topojson-client";
import { root } from "../step.js";

/** @typedef {[number, number]} Position */
/** @typedef {Position[]} Ring */
/** @typedef {import("geojson").Polygon | import("geojson").MultiPolygon} Shape */

export const WORLD_ATLAS = join(root, "node_modules/world-atlas/countries-50m.json");
/** Decimals of degrees that are kept: some 100 m, much less than what the outlines leave out. */
const DECIMALS = 3;

/** @returns {import("geojson").FeatureCollection} */
export function makeWorld() {
  const topology = JSON.parse(readFileSync(WORLD_ATLAS, "utf8"));
  const { land, countries } = topology.objects;
  const shapes = /** @type {import("geojson").FeatureCollection<Shape, { name: string }>} */ (
    /** @type {unknown} */ (feature(topology, countries))
  ).features;
  const coasts = /** @type {import("geojson").FeatureCollection<Shape>} */ (
    /** @type {unknown} */ (feature(topology, land))
  ).features;
  // Only what two countries share is a border: a coast is seen as it is.
  const borders = mesh(topology, countries, (one, other) => one !== other).coordinates.map((line) =>
    unwrap(/** @type {Ring} */ (line)),
  );
  return {
    type: "FeatureCollection",
    features: [
      shape(
        "MultiPolygon",
        coasts.flatMap(({ geometry }) => polygonsOf(geometry).map((rings) => rings.map(close))),
      ),
      shape("MultiLineString", borders),
      ...names(shapes),
    ],
  };
}

/**
 * @param {"MultiPolygon" | "MultiLineString"} type
 * @param {any} coordinates
 * @returns {import("geojson").Feature}
 */
const shape = (type, coordinates) => ({
  type: "Feature",
  properties: {},
  geometry: { type, coordinates: round(coordinates) },
});

/**
 * A point for each name, in the middle of the country's largest polygon; the largest country first.
 *
 * @param {readonly import("geojson").Feature<Shape, { name: string }>[]} countries
 * @returns {import("geojson").Feature[]}
 */
function names(countries) {
  return countries
    .map(({ properties: { name }, geometry }) => {
      const rings = polygonsOf(geometry).map(([outer = []]) => middleOf(close(outer)));
      const largest = rings.reduce((one, other) => (other.size > one.size ? other : one));
      return { name, ...largest };
    })
    .sort((one, other) => other.size - one.size)
    .map(({ name, at }, rank) => ({
      type: "Feature",
      properties: { name, rank },
      geometry: { type: "Point", coordinates: /** @type {Position} */ (round(at)) },
    }));
}

/**
 * @param {Shape} geometry
 * @returns {Ring[][]}
 */
const polygonsOf = ({ type, coordinates }) =>
  /** @type {Ring[][]} */ (type === "Polygon" ? [coordinates] : coordinates);

/**
 * A line without jumps: world-atlas goes from 180 to -180 degrees where it crosses the antimeridian, which would be drawn across the
 * whole map.
 *
 * @param {Ring} line
 * @returns {Ring}
 */
export function unwrap(line) {
  let turns = 0;
  return line.map(([lng, lat], i) => {
    const before = line[i - 1]?.[0] ?? lng;
    if (Math.abs(lng - before) > 180) turns += lng > before ? -360 : 360;
    return [lng + turns, lat];
  });
}

/**
 * The same for a ring. One that goes round the world, Antarctica's, is closed along the pole.
 *
 * @param {Ring} ring
 * @returns {Ring}
 */
export function close(ring) {
  const line = unwrap(ring);
  const first = line[0] ?? [0, 0];
  const last = line.at(-1) ?? first;
  if (Math.abs(last[0] - first[0]) < 180) return line;
  return [...line, [last[0], -90], [first[0], -90], first];
}

/**
 * Centroid and area of a ring, as on the plane: good enough to choose where a name goes.
 *
 * @param {Ring} ring
 * @returns {{ at: Position, size: number }}
 */
function middleOf(ring) {
  let [size, x, y] = [0, 0, 0];
  for (const [i, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[i + 1] ?? [x1, y1];
    const cross = x1 * y2 - x2 * y1;
    size += cross / 2;
    x += (x1 + x2) * cross;
    y += (y1 + y2) * cross;
  }
  return { at: [x / (6 * size), y / (6 * size)], size: Math.abs(size) };
}

/**
 * @param {any} coordinates
 * @returns {any}
 */
const round = (coordinates) =>
  typeof coordinates === "number" ? Number(coordinates.toFixed(DECIMALS)) : coordinates.map(round);
