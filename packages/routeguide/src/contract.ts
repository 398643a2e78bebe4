/** The contracts of RouteGuide and of its map, and nothing else, for clients and servers of it, in pages too. */
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
export {
  type ListTopFeaturesRequest,
  ListTopFeaturesRequestSchema,
  LiveMap,
  type WatchNotesRequest,
  WatchNotesRequestSchema,
} from "./contract/gen/routeguide/v1/map_pb.js";
