/**
 * Our runtime with handlers as one writes them without a thought for speed: a plain generator of message objects, and for await
 * over points. Routes are measured and their points looked up by what the product has for it, one by one, so that what differs is how
 * the handlers are written. Lists scan all features, as the tutorials do.
 *
 *     --places FILE --port N --engine own|node [--tls-cert FILE --tls-key FILE]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createServer } from "@routeguide/grpc";
import { listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import type { Feature } from "../data.js";

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
const { Odometer } = await room("./geo/odometer.js");
const atlas: { has(latitude: number, longitude: number): boolean } = await loadPlaces([values.places]);
const features: readonly Feature[] = JSON.parse(readFileSync(values.places, "utf8"));
const byPoint = new Map(features.map((feature) => [keyOf(feature.location), feature]));

const server = createServer().service(RouteGuide, {
  getFeature: (location) => byPoint.get(keyOf(location)) ?? { name: "", location },

  *listFeatures({ lo, hi }) {
    if (lo === undefined || hi === undefined) return;
    const [south, north] = [Math.min(lo.latitude, hi.latitude), Math.max(lo.latitude, hi.latitude)];
    const [west, east] = [Math.min(lo.longitude, hi.longitude), Math.max(lo.longitude, hi.longitude)];
    for (const feature of features) {
      const { latitude, longitude } = feature.location;
      if (latitude >= south && latitude <= north && longitude >= west && longitude <= east) yield feature;
    }
  },

  async recordRoute(points) {
    const started = performance.now();
    const odometer = new Odometer();
    const [latitudes, longitudes] = [new Int32Array(1), new Int32Array(1)];
    let [pointCount, featureCount] = [0, 0];
    for await (const { latitude, longitude } of points) {
      pointCount++;
      if (atlas.has(latitude, longitude)) featureCount++;
      latitudes[0] = latitude;
      longitudes[0] = longitude;
      odometer.pass(latitudes, longitudes, 1);
    }
    const elapsedTime = Math.floor((performance.now() - started) / 1000);
    return { pointCount, featureCount, distance: odometer.metres, elapsedTime };
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
