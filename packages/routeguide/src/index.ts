/** The contract of RouteGuide, for clients and servers in TypeScript. */
export {
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
} from "./contract/gen/routeguide/route_guide_pb.js";
