/**
 * Batches: all that one read of the network brought, without a promise for each message. And answers that are encoded once,
 * however many callers get them.
 *
 * Run it: npm run example -- batches
 * You see:
 *
 *     100,000 points, in fewer than 1,000 batches: true
 *     half of them are in the north: true
 *     encoded once, sent 3 times: 4 features each
 */
import { createClient, createServer, Envelopes } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { FeatureSchema, PointSchema, RouteGuide } from "routeguide";
import { PLACES } from "./shared/places.js";

let batches = 0;
const everything = Envelopes.of(FeatureSchema, PLACES);

const server = createServer().service(RouteGuide, {
  async recordRoute(points) {
    let pointCount = 0;
    let featureCount = 0;
    // Called within the turn that brought the batch. Iterating decodes; batch.bytes, starts and ends are there for more.
    await points.forEachBatch((batch) => {
      batches++;
      pointCount += batch.count;
      for (const { latitude } of batch) if (latitude > 0) featureCount++;
    });
    return { pointCount, featureCount };
  },
  // Finished envelopes leave as they are.
  *listFeatures() {
    yield everything;
  },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const client = createClient(RouteGuide, transport);

/** A client may send whole batches, too. */
function* route(): Generator<Envelopes> {
  for (let sent = 0; sent < 100_000; sent += 1_000) {
    const points = Array.from({ length: 1_000 }, (_, i) => ({ latitude: i % 2 === 0 ? 1 : -1, longitude: sent }));
    yield Envelopes.of(PointSchema, points);
  }
}
const { pointCount, featureCount } = await client.recordRoute(route());
console.log(`${pointCount.toLocaleString("en")} points, in fewer than 1,000 batches: ${batches < 1_000}`);
console.log(`half of them are in the north: ${featureCount * 2 === pointCount}`);

let calls = 0;
let features = 0;
for (; calls < 3; calls++) {
  for await (const batch of client.listFeatures({}).batches()) features += batch.count;
}
console.log(`encoded once, sent ${calls} times: ${features / calls} features each`);
