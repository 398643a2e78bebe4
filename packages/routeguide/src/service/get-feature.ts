import { Envelopes } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import type { Point } from "../contract/gen/routeguide/route_guide_pb.js";
import { checkPoint } from "../geo/point.js";
import { invalidArgument } from "./invalid-argument.js";

/** The feature at exactly this point, or one without a name. */
export function getFeature(atlas: Atlas, { latitude, longitude }: Point): Envelopes {
  const invalid = checkPoint(latitude, longitude);
  if (invalid !== undefined) throw invalidArgument([invalid]);
  const { bytes, start, end } = atlas.feature(latitude, longitude);
  return new Envelopes(bytes, 1, start, end);
}
