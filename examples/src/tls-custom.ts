/**
 * TLS on terms of your own: TLS 1.3 only, and a client that trusts one key instead of every authority.
 *
 * Run it: npm run example -- tls-custom
 * You see:
 *
 *     the pinned key: Mount Kisco
 *     another key, though the authority signed it: UNAVAILABLE
 */
import { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import { codeName, createClient, createServer, RpcError } from "@routeguide/grpc";
import { dial, listen } from "@routeguide/grpc/node";
import { RouteGuide } from "routeguide";
import { makeAuthority, makeCertificate } from "./shared/certificates.js";
import { MOUNT_KISCO, placeAt } from "./shared/places.js";

const authority = makeAuthority("Example Authority");
const ours = makeCertificate("guide", authority);
const theirs = makeCertificate("guide", authority);

const server = createServer().service(RouteGuide, {
  getFeature: ({ latitude, longitude }) => placeAt(latitude, longitude),
});
await using right = await listen(server, { port: 0 }, { tls: { ...ours, minVersion: "TLSv1.3" } });
await using wrong = await listen(server, { port: 0 }, { tls: { ...theirs, minVersion: "TLSv1.3" } });

const pin = new X509Certificate(ours.cert).fingerprint256;

/** Called after the certificate's signature was checked; what it returns fails the connection. */
function checkServerIdentity(_host: string, certificate: PeerCertificate): Error | undefined {
  return certificate.fingerprint256 === pin ? undefined : new Error("the server has a key that is not pinned");
}

for (const [what, { address }] of [
  ["the pinned key", right],
  ["another key, though the authority signed it", wrong],
] as const) {
  await using transport = dial(`https://${address}`, { tls: { ca: authority.cert, checkServerIdentity } });
  const answer = await createClient(RouteGuide, transport)
    .getFeature(MOUNT_KISCO)
    .then(
      ({ name }) => name,
      (reason: unknown) => codeName(RpcError.from(reason).code),
    );
  console.log(`${what}: ${answer}`);
}
