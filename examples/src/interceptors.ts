/**
 * Interceptors: what stands around every call. A client adds a token; a server checks it and says how long a call took.
 *
 * Run it: npm run example -- interceptors
 * You see:
 *
 *     without a token: UNAUTHENTICATED, "the token is missing or wrong"
 *     with it: Mount Kisco, asked by kim
 *     the server said how long it took: true
 */
import {
  Code,
  codeName,
  createClient,
  createContextKey,
  createServer,
  type Interceptor,
  RpcError,
} from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { MOUNT_KISCO, placeAt } from "./shared/places.js";

/** Who calls: an interceptor knows it, handlers read it. */
const CALLER = createContextKey("nobody");

// An interceptor is asked once for each method, and returns what runs for each call.
const authenticate: Interceptor = (next) => (request, call) => {
  if (call.header("authorization") !== "Bearer open sesame") {
    throw new RpcError(Code.Unauthenticated, "the token is missing or wrong");
  }
  call.values.set(CALLER, "kim");
  return next(request, call);
};

const timed: Interceptor = (next) => async (request, call) => {
  const started = performance.now();
  const response = await next(request, call);
  call.responseTrailer.set("server-timing", `total;dur=${(performance.now() - started).toFixed(3)}`);
  return response;
};

const server = createServer({ interceptors: [timed, authenticate] }).service(RouteGuide, {
  getFeature({ latitude, longitude }, call) {
    const place = placeAt(latitude, longitude);
    return { ...place, name: `${place.name}, asked by ${call.values.get(CALLER)}` };
  },
});

await using listening = await listen(server, { port: 0 });
await using transport = dial(`http://${listening.address}`);

const stranger = createClient(RouteGuide, transport);
const refused = RpcError.from(await stranger.getFeature(MOUNT_KISCO).catch((reason: unknown) => reason));
console.log(`without a token: ${codeName(refused.code)}, "${refused.rawMessage}"`);

const withToken: Interceptor = (next) => (request, call) => {
  call.requestHeader.set("authorization", "Bearer open sesame");
  return next(request, call);
};
const client = createClient(RouteGuide, transport, { interceptors: [withToken] });
let timing: string | null = null;
const { name } = await client.getFeature(MOUNT_KISCO, {
  onTrailer: (trailers) => {
    timing = trailers.get("server-timing");
  },
});
console.log(`with it: ${name}`);
console.log(`the server said how long it took: ${timing !== null}`);
