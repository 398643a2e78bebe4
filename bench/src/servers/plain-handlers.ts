/**
 * Our runtime with handlers as one writes them without a thought for speed: a plain generator of message objects, and for await
 * over points. What they know of places and routes is what the product knows, so that what differs is how they are written.
 *
 *     --places FILE --port N --engine own|node [--tls-cert FILE --tls-key FILE]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createServer } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { type Feature, isInside } from "../data.js";

const { values } = parseArgs({
  options: {
    places: { type: "string", default: "" },
    port: { type: "string" },
    engine: { type: "string", default: "own" },
    "tls-cert": { type: "string" },
    "tls-key": { type: "string" },
  },
});
/** Rooms of the product, reached by their files, as no entry exports them. */
const room = async (file: string) => await import(new URL(file, import.meta.resolve("routeguide")).href);
const { loadPlaces } = await room("./atlas/node-load.js");
const { EARTH_RADIUS_METRES, haversine } = await room("./geo/haversine.js");
const atlas: { has(latitude: number, longitude: number): boolean } = await loadPlaces([values.places]);
const features: readonly Feature[] = JSON.parse(readFileSync(values.places, "utf8"));
const byPoint = new Map(features.map((feature) => [keyOf(feature.location), feature]));

const server = createServer().service(RouteGuide, {
  getFeature: (location) => byPoint.get(keyOf(location)) ?? { name: "", location },

  *listFeatures({ lo, hi }) {
    if (lo === undefined || hi === undefined) return;
    for (const feature of features) if (isInside(feature.location, { lo, hi })) yield feature;
  },

  async recordRoute(points) {
    const started = performance.now();
    let [pointCount, featureCount, radians] = [0, 0, 0];
    let [latitude, longitude] = [0, 0];
    for await (const point of points) {
      if (atlas.has(point.latitude, point.longitude)) featureCount++;
      if (pointCount++ > 0) radians += haversine(latitude, longitude, point.latitude, point.longitude);
      latitude = point.latitude;
      longitude = point.longitude;
    }
    const elapsedTime = Math.floor((performance.now() - started) / 1000);
    return { pointCount, featureCount, distance: Math.round(radians * EARTH_RADIUS_METRES), elapsedTime };
  },
});
const engine = values.engine === "node" ? "node" : "own";
const { "tls-cert": certFile, "tls-key": keyFile } = values;
const tls = certFile === undefined || keyFile === undefined ? {} : { tls: { certFile, keyFile } };
await listen(server, { port: Number(values.port), host: "127.0.0.1" }, { engine, ...tls });
process.once("SIGTERM", () => process.exit());

function keyOf({ latitude, longitude }: Feature["location"]): string {
  return `${latitude} ${longitude}`;
}
