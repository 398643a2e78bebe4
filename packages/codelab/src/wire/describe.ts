/** Messages and statuses of RouteGuide, in a line for people. */
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { codeName } from "@routeguide/grpc";
import {
  type Feature,
  FeatureSchema,
  type Point,
  PointSchema,
  type Rectangle,
  RectangleSchema,
  RouteGuide,
  type RouteNote,
  RouteNoteSchema,
  type RouteSummary,
  RouteSummarySchema,
} from "../gen/routeguide/route_guide_pb.js";
import { statusOf } from "./status.js";

const WORDS: Readonly<Record<string, (message: never) => string>> = {
  [PointSchema.typeName]: (point: Point) => `Point ${place(point)}`,
  [FeatureSchema.typeName]: ({ name, location }: Feature) => `Feature ${JSON.stringify(name)} at ${place(location)}`,
  [RectangleSchema.typeName]: ({ lo, hi }: Rectangle) => `Rectangle ${place(lo)} to ${place(hi)}`,
  [RouteNoteSchema.typeName]: ({ location, message }: RouteNote) =>
    `RouteNote ${JSON.stringify(message)} at ${place(location)}`,
  [RouteSummarySchema.typeName]: ({ pointCount, featureCount, distance, elapsedTime }: RouteSummary) =>
    `RouteSummary ${pointCount} points, ${featureCount} features, ${distance} m, ${elapsedTime} s`,
};

/** A message of this path's method, as one side sent it. */
export function describeMessage(path: string, from: "client" | "server", bytes: Uint8Array): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const method = RouteGuide.methods.find((method) => method.name === name);
  const schema: DescMessage | undefined = from === "client" ? method?.input : method?.output;
  if (schema === undefined || !path.startsWith(`/${RouteGuide.typeName}/`)) return `${bytes.length} bytes`;
  try {
    return WORDS[schema.typeName]?.(fromBinary(schema, bytes) as never) ?? schema.name;
  } catch {
    return `${bytes.length} bytes that are no ${schema.name}`;
  }
}

/** `INVALID_ARGUMENT: lo is missing`, from the fields of a response's trailers. */
export function describeStatus(fields: readonly string[]): string {
  const status = statusOf(fields);
  if (status === undefined) return "no status";
  return status.message === "" ? codeName(status.code) : `${codeName(status.code)}: ${status.message}`;
}

/** E7, so that it looks as in the learner's program. */
function place(point: Point | undefined): string {
  return point === undefined ? "(no location)" : `${point.latitude},${point.longitude}`;
}
