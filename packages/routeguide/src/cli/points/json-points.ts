import { Invalid } from "../../geo/invalid.js";
import { pointInDegrees } from "../../geo/parse-point.js";
import type { Point } from "../../geo/point.js";
import { Failure } from "../failure.js";
import { asRow, excerpt, placeOf } from "./json-rows.js";

/**
 * The points of a JSON value in their order: of GeoJSON (RFC 7946), of an object with a place, or of an array of any of them.
 *
 * @param where what stands before a message: which line it is, or which point
 * @throws {Failure} if it holds what is no point of a route
 */
export function* pointsIn(value: unknown, where: () => string): Generator<Point, void, undefined> {
  if (Array.isArray(value)) {
    for (const each of value) yield* pointsIn(each, where);
    return;
  }
  const row = asRow(value, where());
  switch (row["type"]) {
    case "FeatureCollection":
      yield* pointsIn(asArray(row["features"], "features", where), where);
      return;
    case "Feature":
      // A feature may be nowhere.
      if (row["geometry"] !== null) yield* pointsIn(row["geometry"], where);
      return;
    case "GeometryCollection":
      yield* pointsIn(asArray(row["geometries"], "geometries", where), where);
      return;
    case "Point":
      yield position(row["coordinates"], where);
      return;
    case "MultiPoint":
    case "LineString":
      for (const each of asArray(row["coordinates"], "coordinates", where)) yield position(each, where);
      return;
    case "MultiLineString":
      for (const line of asArray(row["coordinates"], "coordinates", where)) {
        for (const each of asArray(line, "coordinates", where)) yield position(each, where);
      }
      return;
    case "Polygon":
    case "MultiPolygon":
      throw new Failure(`${where()}: a ${row["type"]} is no route`);
    default:
      yield placeOf(row, where());
  }
}

/** A position of GeoJSON: longitude first, in degrees. */
function position(value: unknown, where: () => string): Point {
  const [longitude, latitude]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof latitude !== "number" || typeof longitude !== "number") {
    throw new Failure(`${where()}: expected longitude and latitude, found ${excerpt(value)}`);
  }
  const point = pointInDegrees(latitude, longitude);
  if (point instanceof Invalid) throw new Failure(`${where()}: ${point.message}`);
  return point;
}

function asArray(value: unknown, name: string, where: () => string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Failure(`${where()}: ${name} is no array`);
  return value;
}
