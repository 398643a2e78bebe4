/**
 * JSON: messages that people can read on the wire, chosen by each client; the handlers are the same.
 *
 * Run it: npm run example -- json-codec
 * You see:
 *
 *     application/grpc: Mount Kisco
 *     application/grpc+json: Mount Kisco
 *     the request on the wire: {"latitude":412042600,"longitude":-737270800}
 */
import { toJsonString } from "@bufbuild/protobuf";
import { createClient, createServer, jsonFormat } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { PointSchema, RouteGuide } from "routeguide";
import { MOUNT_KISCO, placeAt } from "./shared/places.js";

let request = "";
const server = createServer().service(RouteGuide, {
  // The same handler, whatever form the messages travel in.
  getFeature(point, call) {
    const contentType = call.header("content-type") ?? "";
    if (contentType.endsWith("json")) request = toJsonString(PointSchema, point);
    return { name: `${contentType}: ${placeAt(point.latitude, point.longitude).name}` };
  },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);
for (const format of ["proto", jsonFormat()] as const) {
  const client = createClient(RouteGuide, transport, { format });
  console.log((await client.getFeature(MOUNT_KISCO)).name);
}
console.log(`the request on the wire: ${request}`);
