/**
 * Backpressure: a server that could send for ever is asked only for what its caller reads.
 *
 * Run it: npm run example -- streaming
 * You see:
 *
 *     read 3 features, then stopped
 *     the server made fewer than 100,000 of its million: true
 *     and it heard that nobody reads on: true
 */
import { createClient, createServer } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO } from "./shared/places.js";

let made = 0;
let heard: () => void = () => {};
const stopped = new Promise<void>((resolve) => {
  heard = resolve;
});

const server = createServer().service(RouteGuide, {
  *listFeatures() {
    try {
      for (; made < 1_000_000; made++) yield { name: `place ${made}`, location: MOUNT_KISCO };
    } finally {
      // Runs however the stream ends: by its end, by an error, or because the caller has gone.
      heard();
    }
  },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
const client = createClient(RouteGuide, transport);

let read = 0;
for await (const _ of client.listFeatures({})) {
  // Leaving the loop cancels the call, here and on the server.
  if (++read === 3) break;
}
console.log(`read ${read} features, then stopped`);
await stopped;
console.log(`the server made fewer than 100,000 of its million: ${made < 100_000}`);
console.log("and it heard that nobody reads on: true");
