/** The contract of RouteGuide, a client and a server of it. */
export { type ConnectOptions, connect, type Guide, type RouteGuideClient } from "./client.js";
export { type Config, ConfigError, type Flags, loadConfig } from "./config.js";
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
export { type Log, type RunningServer, type StartOptions, startServer } from "./server.js";
export { StartError } from "./start-error.js";
