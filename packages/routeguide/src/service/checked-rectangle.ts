import type { Rectangle as Corners, Point } from "../contract/gen/routeguide/route_guide_pb.js";
import { Invalid } from "../geo/invalid.js";
import { checkPoint, isOnEarth } from "../geo/point.js";
import { type Rectangle, rectangleBetween } from "../geo/rectangle.js";
import { invalidArgument } from "./invalid-argument.js";

/**
 * The rectangle between two corners of a request.
 *
 * @param prefix of the corners' names in the request: "" or "area."
 * @throws {RpcError} INVALID_ARGUMENT, if one is absent or not on Earth
 */
export function checkedRectangle({ lo, hi }: Corners, prefix: string): Rectangle {
  if (
    lo === undefined ||
    hi === undefined ||
    !isOnEarth(lo.latitude, lo.longitude) ||
    !isOnEarth(hi.latitude, hi.longitude)
  ) {
    const problems = [checkCorner(`${prefix}lo`, lo), checkCorner(`${prefix}hi`, hi)];
    throw invalidArgument(problems.filter((problem) => problem !== undefined));
  }
  return rectangleBetween(lo, hi);
}

function checkCorner(field: string, corner: Point | undefined): Invalid | undefined {
  if (corner === undefined) return new Invalid(field, "absent", "a corner of the rectangle");
  return checkPoint(corner.latitude, corner.longitude, `${field}.`);
}
