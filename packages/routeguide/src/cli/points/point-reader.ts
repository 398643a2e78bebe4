import { Invalid } from "../../geo/invalid.js";
import { parseCoordinates } from "../../geo/parse-point.js";
import type { Point } from "../../geo/point.js";
import { Failure } from "../failure.js";

/**
 * Reads the points of a route from its text, which comes in pieces cut anywhere, and gives those that each piece completed.
 *
 * @throws {Failure} naming the line of what is no point
 */
export type PointReader = (text: AsyncIterable<string>) => AsyncGenerator<readonly Point[]>;

/**
 * A point in degrees or in E7.
 *
 * @throws {Failure} with `where` in front if it is none
 */
export function pointAt(latitude: string, longitude: string, where: string): Point {
  const point = parseCoordinates(latitude.trim(), longitude.trim());
  if (point instanceof Invalid) throw new Failure(`${where}: ${point.message}`);
  return point;
}
