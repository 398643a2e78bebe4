import type { Point } from "../../geo/point.js";
import { Failure } from "../failure.js";
import { pointAt } from "./point-reader.js";

export type Row = Readonly<Record<string, unknown>>;

/**
 * Reads one row of NDJSON that has a place, see {@link placeOf}.
 *
 * @param otherwise the place of rows that name none
 * @throws {Failure} with `where` in front if it has none
 */
export function parsePlaceRow(
  line: string,
  where: string,
  otherwise?: Point,
): { readonly point: Point; readonly row: Row } {
  const row = asRow(parseJson(line, where), where);
  return { point: placeOf(row, where, otherwise), row };
}

/**
 * The place of a row: `latitude` and `longitude`, or `lat` and `lon` or `lng`, in degrees or E7, in the row or in its `location`.
 *
 * @param otherwise the place of rows that name none
 * @throws {Failure} with `where` in front if it has none
 */
export function placeOf(row: Row, where: string, otherwise?: Point): Point {
  const place = isRow(row["location"]) ? row["location"] : row;
  const latitude = place["latitude"] ?? place["lat"];
  const longitude = place["longitude"] ?? place["lon"] ?? place["lng"];
  if (latitude === undefined || longitude === undefined) {
    if (otherwise !== undefined && latitude === longitude) return otherwise;
    throw new Failure(`${where}: no latitude and longitude in ${excerpt(row)}`);
  }
  return pointAt(String(latitude), String(longitude), where);
}

/** @throws {Failure} with `where` in front if the line is not JSON */
export function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Failure(`${where}: not JSON: ${line.slice(0, EXCERPT_CHARACTERS)}`);
  }
}

/** @throws {Failure} with `where` in front if the value is no object */
export function asRow(value: unknown, where: string): Row {
  if (!isRow(value)) throw new Failure(`${where}: not a JSON object: ${excerpt(value)}`);
  return value;
}

/** The beginning of a value, for a message. */
export const excerpt = (value: unknown): string => JSON.stringify(value).slice(0, EXCERPT_CHARACTERS);

const EXCERPT_CHARACTERS = 80;

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
