/**
 * Mutual TLS: the client shows a certificate too, and the handler sees whose.
 *
 * Run it: npm run example -- tls-client-auth
 * You see:
 *
 *     hello surveyor-7, this is Newark
 *     a client without a certificate: UNAVAILABLE
 */
import type { PeerCertificate } from "node:tls";
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { makeAuthority, makeCertificate } from "./shared/certificates.js";
import { placeAt } from "./shared/places.js";

const authority = makeAuthority("Example Authority");
const serverIdentity = makeCertificate("guide", authority);
const clientIdentity = makeCertificate("surveyor-7", authority);
const newark = { latitude: 407356600, longitude: -741723700 };

const server = createServer().service(RouteGuide, {
  getFeature({ latitude, longitude }, call) {
    const { subject } = call.peer.certificate() as PeerCertificate;
    return { name: `hello ${subject.CN}, this is ${placeAt(latitude, longitude).name}` };
  },
});
const { cert, key } = serverIdentity;
// `clientCa` makes certificates of clients a must.
await using listening = await listen(server, { port: 0 }, { tls: { cert, key, clientCa: authority.cert } });

const trust = { ca: authority.cert };
await using known = dial(`https://${listening.address}`, {
  tls: { ...trust, cert: clientIdentity.cert, key: clientIdentity.key },
});
console.log((await createClient(RouteGuide, known).getFeature(newark)).name);

await using unknown = dial(`https://${listening.address}`, { tls: trust });
const call = createClient(RouteGuide, unknown).getFeature(newark);
const refused = RpcError.from(await call.catch((reason: unknown) => reason));
console.log(`a client without a certificate: ${codeName(refused.code)}`);
