/**
 * TLS: the server shows a certificate, the client checks who signed it and whom it is for.
 *
 * Run it: npm run example -- tls
 * You see:
 *
 *     over TLS: New York City, on a secure connection: true
 *     a client that does not know the authority: UNAVAILABLE
 */
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { makeAuthority, makeCertificate } from "./shared/certificates.js";
import { NEW_YORK, placeAt } from "./shared/places.js";

const authority = makeAuthority("Example Authority");
const { cert, key } = makeCertificate("guide", authority);

const server = createServer().service(RouteGuide, {
  getFeature({ latitude, longitude }, call) {
    const place = placeAt(latitude, longitude);
    return { ...place, name: `${place.name}, on a secure connection: ${call.peer.secure}` };
  },
});
// With `certFile` and `keyFile` instead, a renewed certificate is taken into use without a restart.
await using listening = await listen(server, { port: 0 }, { tls: { cert, key } });

await using transport = dial(`https://${listening.address}`, { tls: { ca: authority.cert } });
const { name } = await createClient(RouteGuide, transport).getFeature(NEW_YORK);
console.log(`over TLS: ${name}`);

// Without `ca` the authorities are those that Node knows, and ours is none of them.
await using distrustful = dial(`https://${listening.address}`);
const call = createClient(RouteGuide, distrustful).getFeature(NEW_YORK);
const refused = RpcError.from(await call.catch((reason: unknown) => reason));
console.log(`a client that does not know the authority: ${codeName(refused.code)}`);
