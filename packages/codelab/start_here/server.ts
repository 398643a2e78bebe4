/** Starts the server: opens the port that PORT names, and closes it well. */
import { createServer } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { addReflection } from "@routeguide/grpc/reflection";
import { RouteGuide } from "./gen/routeguide/route_guide_pb.js";
import { loadPlaces } from "./places.js";
import { routeGuide } from "./service.js";

const port = Number(process.env["PORT"] ?? 50051);

// Step 4: Make a server, add the service RouteGuide to it, let it listen on
//   `port`, and print its address.

// Step 16: Let tools ask the server what it can do: addReflection(server).

// Step 11: Stop well: on SIGINT and SIGTERM take no more calls, let those that
//   run end, then let the process end.
