import type { Point } from "../../geo/point.js";
import { Failure } from "../failure.js";
import { pointAt } from "./point-reader.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads one row of NDJSON that has a place: `latitude` and `longitude`, or `lat` and `lon` or `lng`, in degrees or E7, in the row
 * or in its `location`.
 *
 * @param otherwise the place of rows that name none
 * @throws {Failure} with `where` in front if it has none
 */
export function parsePlaceRow(
  line: string,
  where: string,
  otherwise?: Point,
): { readonly point: Point; readonly row: Row } {
  const row = parseObject(line, where);
  const place = isObject(row["location"]) ? row["location"] : row;
  const latitude = place["latitude"] ?? place["lat"];
  const longitude = place["longitude"] ?? place["lon"] ?? place["lng"];
  if (latitude === undefined || longitude === undefined) {
    if (otherwise !== undefined && latitude === longitude) return { point: otherwise, row };
    throw new Failure(`${where}: no latitude and longitude in ${line.slice(0, 80)}`);
  }
  return { point: pointAt(String(latitude), String(longitude), where), row };
}

function parseObject(line: string, where: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Failure(`${where}: not JSON: ${line.slice(0, 80)}`);
  }
  if (!isObject(value)) throw new Failure(`${where}: not a JSON object: ${line.slice(0, 80)}`);
  return value;
}

const isObject = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
