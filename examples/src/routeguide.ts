/**
 * All four kinds of call: one message or a stream of them, in each direction.
 *
 * Run it: npm run example -- routeguide
 * You see:
 *
 *     GetFeature: New York City
 *     ListFeatures: New York City, Newark, White Plains, Mount Kisco
 *     RecordRoute: 3 points, 2 places
 *     RouteChat: slow traffic | all clear
 */
import { createClient, createServer, type ServiceImpl } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO, NEW_YORK, PLACES, placeAt } from "./shared/places.js";

const handlers: ServiceImpl<typeof RouteGuide> = {
  // Unary: one request, one response. It may be returned or promised.
  getFeature: ({ latitude, longitude }) => placeAt(latitude, longitude),

  // Server streaming: a generator, which is asked for the next feature when there is room to send it.
  *listFeatures({ lo, hi }) {
    if (lo === undefined || hi === undefined) return;
    for (const place of PLACES) {
      const { latitude, longitude } = place.location;
      const isInside = latitude >= lo.latitude && latitude <= hi.latitude;
      if (isInside && longitude >= lo.longitude && longitude <= hi.longitude) yield place;
    }
  },

  // Client streaming: the loop ends when the caller has sent all.
  async recordRoute(points) {
    let pointCount = 0;
    let featureCount = 0;
    for await (const { latitude, longitude } of points) {
      pointCount++;
      if (placeAt(latitude, longitude).name !== "") featureCount++;
    }
    return { pointCount, featureCount };
  },

  // Bidirectional: both streams live at once, and neither waits for the other.
  async *routeChat(notes) {
    for await (const note of notes) yield note;
  },
};

await using listening = await listen(createServer().service(RouteGuide, handlers), { port: 0 });
await using transport = dial(`http://${listening.address}`);
const client = createClient(RouteGuide, transport);

console.log(`GetFeature: ${(await client.getFeature(NEW_YORK)).name}`);

const names: string[] = [];
const area = {
  lo: { latitude: 400000000, longitude: -750000000 },
  hi: { latitude: 420000000, longitude: -730000000 },
};
for await (const { name } of client.listFeatures(area)) names.push(name);
console.log(`ListFeatures: ${names.join(", ")}`);

const summary = await client.recordRoute([NEW_YORK, { latitude: 1, longitude: 1 }, MOUNT_KISCO]);
console.log(`RecordRoute: ${summary.pointCount} points, ${summary.featureCount} places`);

const messages: string[] = [];
const notes = ["slow traffic", "all clear"].map((message) => ({ location: NEW_YORK, message }));
for await (const { message } of client.routeChat(notes)) messages.push(message);
console.log(`RouteChat: ${messages.join(" | ")}`);
