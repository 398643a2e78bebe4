import type { Point } from "../../geo/point.js";
import { pointsIn } from "./json-points.js";
import { parseJson } from "./json-rows.js";
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
  const where = () => `line ${lines.number}`;
  for (const row of rows) {
    if (row.trim() === "") continue;
    for (const point of pointsIn(parseJson(row, where()), where)) points.push(point);
  }
  return points;
}
