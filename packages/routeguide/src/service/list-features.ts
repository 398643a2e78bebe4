import { Envelopes } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import type { Point, Rectangle } from "../contract/gen/routeguide/route_guide_pb.js";
import { Invalid } from "../geo/invalid.js";
import { checkPoint } from "../geo/point.js";
import { rectangleBetween } from "../geo/rectangle.js";
import { invalidArgument } from "./invalid-argument.js";

/** All features between two corners, edges included, in runs of finished envelopes. */
export function* listFeatures(atlas: Atlas, { lo, hi }: Rectangle): Generator<Envelopes, void, undefined> {
  const invalid = [checkCorner("lo", lo), checkCorner("hi", hi)].filter((problem) => problem !== undefined);
  if (lo === undefined || hi === undefined || invalid.length > 0) throw invalidArgument(invalid);
  for (const { bytes, start, end, count } of atlas.runs(rectangleBetween(lo, hi))) {
    yield new Envelopes(bytes.subarray(start, end), count);
  }
}

function checkCorner(field: string, corner: Point | undefined): Invalid | undefined {
  if (corner === undefined) return new Invalid(field, "absent", "a corner of the rectangle");
  return checkPoint(corner.latitude, corner.longitude, `${field}.`);
}
