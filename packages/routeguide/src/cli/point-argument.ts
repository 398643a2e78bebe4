import { Invalid } from "../geo/invalid.js";
import { parsePoint } from "../geo/parse-point.js";
import type { Point } from "../geo/point.js";
import { UsageError } from "./failure.js";

/**
 * A point of the command line.
 *
 * @throws {UsageError} saying what is wrong with it
 */
export function pointArgument(text: string): Point {
  const point = parsePoint(text);
  if (point instanceof Invalid) throw new UsageError(point.message);
  return point;
}
