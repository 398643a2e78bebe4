/**
 * Calling an API of Google's kind: TLS, a short-lived token with every call, metadata for routing. The server here stands in
 * for it and checks all of that; nothing outside this machine is contacted.
 *
 * Run it: npm run example -- gcp
 * You see:
 *
 *     1 token made for 3 calls
 *     the API answered: projects/example/places/new-york
 *     an expired token: UNAUTHENTICATED, reason ACCESS_TOKEN_EXPIRED
 */
import { Code, codeName, createClient, createServer, type Interceptor, RpcError } from "@routeguide/grpc";
import { ErrorInfoSchema } from "@routeguide/grpc/details";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { makeAuthority, makeCertificate } from "./shared/certificates.js";

const authority = makeAuthority("Example Authority");
const { cert, key } = makeCertificate("places.example", authority);

/** The stand-in: knows which tokens are good, and wants to be told whose project pays. */
const api = createServer().service(RouteGuide, {
  getFeature(_point, call) {
    if (call.header("authorization") !== "Bearer token-1") {
      const value = { reason: "ACCESS_TOKEN_EXPIRED", domain: "places.example" };
      throw new RpcError(Code.Unauthenticated, "the token is no good", { details: [{ desc: ErrorInfoSchema, value }] });
    }
    const project = new URLSearchParams(call.header("x-goog-request-params")).get("project");
    if (project === null) throw new RpcError(Code.InvalidArgument, "x-goog-request-params has no project");
    return { name: `${project}/places/new-york` };
  },
});
await using listening = await listen(api, { port: 0 }, { tls: { cert, key } });

let tokens = 0;
/** Where tokens come from: in a real program, google-auth-library or the metadata server. */
async function fetchToken(): Promise<{ token: string; expiresAtMs: number }> {
  return { token: `token-${++tokens}`, expiresAtMs: Date.now() + 3_600_000 };
}

/** Adds a token to each call, and gets a new one before the old one expires. */
function callCredentials(fetch: typeof fetchToken): Interceptor {
  let current: ReturnType<typeof fetchToken> | undefined;
  return (next) => async (request, call) => {
    if (current === undefined || (await current).expiresAtMs < Date.now() + 60_000) current = fetch();
    call.requestHeader.set("authorization", `Bearer ${(await current).token}`);
    call.requestHeader.set("x-goog-request-params", "project=projects/example");
    return next(request, call);
  };
}

await using transport = dial(`https://${listening.address}`, { tls: { ca: authority.cert } });
const client = createClient(RouteGuide, transport, { interceptors: [callCredentials(fetchToken)] });
let answer = "";
for (let i = 0; i < 3; i++) answer = (await client.getFeature({})).name;
console.log(`${tokens} token made for 3 calls`);
console.log(`the API answered: ${answer}`);

const expired = callCredentials(async () => ({ token: "old", expiresAtMs: Date.now() + 3_600_000 }));
const late = createClient(RouteGuide, transport, { interceptors: [expired] });
const refused = RpcError.from(await late.getFeature({}).catch((reason: unknown) => reason));
console.log(`an expired token: ${codeName(refused.code)}, reason ${refused.findDetails(ErrorInfoSchema)[0]?.reason}`);
