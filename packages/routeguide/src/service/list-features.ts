import { Envelopes } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import type { Run } from "../atlas/run.js";
import type { Rectangle } from "../contract/gen/routeguide/route_guide_pb.js";
import { checkedRectangle } from "./checked-rectangle.js";

/** All features between two corners, edges included, in runs of finished envelopes. */
export function listFeatures(atlas: Atlas, corners: Rectangle): Iterable<Envelopes> {
  return asEnvelopes(atlas.runs(checkedRectangle(corners, "")));
}

/** Runs as what a handler returns. */
export function asEnvelopes(runs: Iterable<Run>): Iterable<Envelopes> {
  // The answer to a small rectangle is there at once, and needs no generator.
  return Array.isArray(runs) ? runs.map(envelopesOf) : eachAsEnvelopes(runs);
}

function* eachAsEnvelopes(runs: Iterable<Run>): Generator<Envelopes, void, undefined> {
  for (const run of runs) yield envelopesOf(run);
}

const envelopesOf = ({ bytes, start, end, count }: Run) => new Envelopes(bytes, count, start, end);
