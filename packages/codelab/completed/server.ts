/** Starts the server: opens the port that PORT names, and closes it well. */
import { createServer } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { addReflection } from "@routeguide/grpc/reflection";
import { RouteGuide } from "./gen/routeguide/route_guide_pb.js";
import { loadPlaces } from "./places.js";
import { routeGuide } from "./service.js";

const port = Number(process.env["PORT"] ?? 50051);

// #region step-04
//? Make a server, add the service RouteGuide to it, let it listen on
//? `port`, and print its address.
const server = createServer().service(RouteGuide, routeGuide(loadPlaces()));
const listening = await listen(server, { port });
console.log(`RouteGuide listens on ${listening.address}`);
// #endregion

// #region step-16
//? Let tools ask the server what it can do: addReflection(server).
addReflection(server);
// #endregion

// #region step-11
//? Stop well: on SIGINT and SIGTERM take no more calls, let those that
//? run end, then let the process end.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    console.log("Stopping: no new calls, those that run may end");
    void listening.close(10_000);
  });
}
// #endregion
