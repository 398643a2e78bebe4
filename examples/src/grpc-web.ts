/**
 * gRPC-Web, Connect and JSON: what browsers and curl speak, over HTTP/1.1 as well, on the same port and by the same handlers.
 *
 * Run it: npm run example -- grpc-web
 * You see:
 *
 *     gRPC over HTTP/2: Newark
 *     gRPC-Web over HTTP/1.1: New York City, Newark, White Plains, Mount Kisco
 *     Connect over HTTP/1.1: Newark
 *     plain JSON, as curl sends it: {"name":"Newark","location":{"latitude":407356600,"longitude":-741723700}}
 *     a wrong one: 400 invalid_argument
 *     a page of another origin may ask: true, one that is not listed: false
 */
import { createClient, createServer } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { PLACES, placeAt } from "./shared/places.js";

const newark = { latitude: 407356600, longitude: -741723700 };
const server = createServer({ cors: { origins: ["https://map.example"] } }).service(RouteGuide, {
  getFeature: ({ latitude, longitude }) => placeAt(latitude, longitude),
  *listFeatures() {
    yield* PLACES;
  },
});
await using listening = await listen(server, { port: 0 });
const url = `http://${listening.address}` as const;

await using grpc = dial(url);
console.log(`gRPC over HTTP/2: ${(await createClient(RouteGuide, grpc).getFeature(newark)).name}`);

// In a browser this is fetchTransport() of "@routeguide/grpc/web".
await using web = dial(url, { protocol: "grpc-web", httpVersion: 1 });
const names: string[] = [];
for await (const { name } of createClient(RouteGuide, web).listFeatures({})) names.push(name);
console.log(`gRPC-Web over HTTP/1.1: ${names.join(", ")}`);

await using connect = dial(url, { protocol: "connect", httpVersion: 1 });
console.log(`Connect over HTTP/1.1: ${(await createClient(RouteGuide, connect).getFeature(newark)).name}`);

/** curl -d BODY -H 'content-type: application/json' URL */
function post(body: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}/routeguide.RouteGuide/GetFeature`, { method: "POST", headers, body });
}
const answer = await post(JSON.stringify(newark));
console.log(`plain JSON, as curl sends it: ${await answer.text()}`);
const wrong = await post('{"latitude":"north"}');
console.log(`a wrong one: ${wrong.status} ${((await wrong.json()) as { code: string }).code}`);

/** What a browser asks before a page of another origin may call. */
async function mayCall(origin: string): Promise<boolean> {
  const headers = { origin, "access-control-request-method": "POST" };
  const preflight = await fetch(`${url}/routeguide.RouteGuide/GetFeature`, { method: "OPTIONS", headers });
  return preflight.headers.get("access-control-allow-origin") === origin;
}
const [listed, unlisted] = [await mayCall("https://map.example"), await mayCall("https://other.example")];
console.log(`a page of another origin may ask: ${listed}, one that is not listed: ${unlisted}`);
