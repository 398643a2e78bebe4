/**
 * Our runtime with handlers as one writes them without a thought for speed: a plain generator of message objects, and for await
 * over points. --places FILE --port N --engine own|node
 */
import { parseArgs } from "node:util";
import { createServer } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { Domain } from "./domain.js";

const { values } = parseArgs({
  options: { places: { type: "string" }, port: { type: "string" }, engine: { type: "string", default: "own" } },
});
const domain = new Domain(values.places ?? "");

const server = createServer().service(RouteGuide, {
  getFeature: (point) => domain.feature(point),

  *listFeatures({ lo, hi }) {
    if (lo !== undefined && hi !== undefined) yield* domain.inside({ lo, hi });
  },

  async recordRoute(points) {
    const recorder = domain.recorder();
    for await (const point of points) recorder.add(point);
    return recorder.summary();
  },
});
const engine = values.engine === "node" ? "node" : "own";
await listen(server, { port: Number(values.port), host: "127.0.0.1" }, { engine });
process.once("SIGTERM", () => process.exit());
