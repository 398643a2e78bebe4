/**
 * Compression: gzip both ways for what is worth it, and a bound on what a few bytes may grow to.
 *
 * Run it: npm run example -- compression
 * You see:
 *
 *     the response came in: gzip
 *     2,000 features in less than a tenth of their bytes: true
 *     a message of 8 MB where 4 MiB are allowed: RESOURCE_EXHAUSTED
 */
import { codeName, createClient, createServer, type Observer, RpcError } from "@routeguide/grpc";
import { dial, gzip, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO } from "./shared/places.js";

const FEATURES = 2_000;
const NAME = "A place with a rather long name, as many have. ".repeat(40);

let sentBytes = 0;
const counting: Observer = {
  sent: (_call, _count, bytes) => {
    sentBytes += bytes;
  },
};
const server = createServer({ compressions: [gzip], observer: counting }).service(RouteGuide, {
  getFeature: (point) => ({ name: point.latitude === 0 ? "x".repeat(8_000_000) : NAME, location: point }),
  *listFeatures() {
    for (let i = 0; i < FEATURES; i++) yield { name: NAME, location: MOUNT_KISCO };
  },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
// Requests go in gzip, too; responses may come in whatever the client says that it understands.
const client = createClient(RouteGuide, transport, { compression: gzip, compressMinBytes: 0 });

await client.getFeature(MOUNT_KISCO, {
  onHeader: (header) => console.log(`the response came in: ${header.get("grpc-encoding")}`),
});

let chars = 0;
sentBytes = 0;
for await (const { name } of client.listFeatures({})) chars += name.length;
console.log(`2,000 features in less than a tenth of their bytes: ${sentBytes < chars / 10}`);

// Some thousand bytes on the wire would become eight million here: they are never made.
const bomb = RpcError.from(await client.getFeature({}).catch((reason: unknown) => reason));
console.log(`a message of 8 MB where 4 MiB are allowed: ${codeName(bomb.code)}`);
