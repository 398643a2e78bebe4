import type { Point } from "../../geo/point.js";
import { parsePlaceRow } from "./json-rows.js";
import { Lines } from "./lines.js";
import type { PointReader } from "./point-reader.js";

/** Reads one JSON object a line. Empty lines are passed over. */
export const readNdjson: PointReader = async function* (text) {
  const lines = new Lines();
  for await (const piece of text) yield parseRows(lines.push(piece), lines);
  yield parseRows(lines.end(), lines);
};

function parseRows(rows: Iterable<string>, lines: Lines): Point[] {
  const points: Point[] = [];
  for (const row of rows) {
    if (row.trim() !== "") points.push(parsePlaceRow(row, `line ${lines.number}`).point);
  }
  return points;
}
