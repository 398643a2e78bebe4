import { Envelopes } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import type { Run } from "../atlas/run.js";
import type { Point, Rectangle } from "../contract/gen/routeguide/route_guide_pb.js";
import { Invalid } from "../geo/invalid.js";
import { checkPoint, isOnEarth } from "../geo/point.js";
import { rectangleBetween } from "../geo/rectangle.js";
import { invalidArgument } from "./invalid-argument.js";

/** All features between two corners, edges included, in runs of finished envelopes. */
export function listFeatures(atlas: Atlas, { lo, hi }: Rectangle): Iterable<Envelopes> {
  if (
    lo === undefined ||
    hi === undefined ||
    !isOnEarth(lo.latitude, lo.longitude) ||
    !isOnEarth(hi.latitude, hi.longitude)
  ) {
    throw invalidArgument([checkCorner("lo", lo), checkCorner("hi", hi)].filter((problem) => problem !== undefined));
  }
  const runs = atlas.runs(rectangleBetween(lo, hi));
  // The answer to a small rectangle is there at once, and needs no generator.
  return Array.isArray(runs) ? runs.map(asEnvelopes) : eachAsEnvelopes(runs);
}

function* eachAsEnvelopes(runs: Iterable<Run>): Generator<Envelopes, void, undefined> {
  for (const run of runs) yield asEnvelopes(run);
}

const asEnvelopes = ({ bytes, start, end, count }: Run) => new Envelopes(bytes, count, start, end);

function checkCorner(field: string, corner: Point | undefined): Invalid | undefined {
  if (corner === undefined) return new Invalid(field, "absent", "a corner of the rectangle");
  return checkPoint(corner.latitude, corner.longitude, `${field}.`);
}
