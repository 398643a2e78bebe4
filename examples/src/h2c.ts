/**
 * Cleartext HTTP/2 (h2c): no TLS and no upgrade, the client just begins. On the same port, whatever speaks HTTP/1.1 gets your pages.
 *
 * Run it: npm run example -- h2c
 * You see:
 *
 *     gRPC, HTTP/2 from its first byte: White Plains
 *     a call by hand, over node:http2: 200, grpc-status 0
 *     a browser, HTTP/1.1: <h1>RouteGuide</h1>
 */
import { once } from "node:events";
import { connect } from "node:http2";
import { createClient, createServer, Envelopes } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { PointSchema, RouteGuide } from "routeguide";
import { placeAt } from "./shared/places.js";

const whitePlains = { latitude: 410339900, longitude: -737629100 };
const server = createServer({
  // Asked for whatever is no call, in the shapes of fetch.
  fallback: () => new Response("<h1>RouteGuide</h1>", { headers: { "content-type": "text/html" } }),
}).service(RouteGuide, {
  getFeature: ({ latitude, longitude }) => placeAt(latitude, longitude),
});
await using listening = await listen(server, { port: 0 });

await using transport = dial(`http://${listening.address}`);
const { name } = await createClient(RouteGuide, transport).getFeature(whitePlains);
console.log(`gRPC, HTTP/2 from its first byte: ${name}`);

// What a gRPC call is: a POST, a body of messages with five bytes in front of each, and trailers that say how it went.
const session = connect(`http://${listening.address}`);
const call = session.request({
  ":method": "POST",
  ":path": "/routeguide.RouteGuide/GetFeature",
  "content-type": "application/grpc",
  te: "trailers",
});
call.end(Envelopes.of(PointSchema, [whitePlains]).bytes);
const response = once(call, "response");
const trailers = once(call, "trailers");
call.resume();
const [head] = await response;
const [status] = await trailers;
console.log(`a call by hand, over node:http2: ${head[":status"]}, grpc-status ${status["grpc-status"]}`);
session.close();

const page = await fetch(`http://${listening.address}/`);
console.log(`a browser, HTTP/1.1: ${await page.text()}`);
