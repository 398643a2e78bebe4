import { type Batch, type Call, Envelopes, type Requests } from "@routeguide/grpc";
import type { Atlas } from "../atlas/atlas.js";
import { envelopeEnd, PREFIX_BYTES } from "../contract/envelope-writer.js";
import { type Point, PointSchema } from "../contract/gen/routeguide/route_guide_pb.js";
import { type PointBatch, RouteRecorder, type RouteSummary } from "../route/route-recorder.js";
import { invalidArgument } from "./invalid-argument.js";

/** Records the points of a route as they come, without an object a point. The time is the call's. */
export async function recordRoute(
  atlas: Atlas,
  points: Requests<Point>,
  call: Call,
  now: () => number,
): Promise<RouteSummary> {
  const startedMs = now();
  const recorder = new RouteRecorder(atlas);
  const isJson = call.header("content-type")?.includes("+json") === true;
  let index = 0;
  await points.forEachBatch((batch) => {
    const bad = recorder.add(isJson ? inBinary(batch) : batch);
    if (bad?.invalid !== undefined) throw invalidArgument([bad.invalid], `point ${bad.index}: `);
    // What the recorder cannot read the runtime cannot either: its error is what is thrown for malformed messages everywhere.
    if (bad !== undefined) batch.at(bad.index - index);
    index += batch.count;
  });
  return recorder.summary(now() - startedMs);
}

/** A batch of a call in JSON as the recorder reads it. */
function inBinary(batch: Batch<Point>): PointBatch {
  const { count } = batch;
  const { bytes } = Envelopes.of(PointSchema, batch);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    starts[i] = at + PREFIX_BYTES;
    at = envelopeEnd(bytes, at);
    ends[i] = at;
  }
  return { bytes, starts, ends, count };
}
