// Certificates for one run of a suite.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A certificate that is good for localhost and 127.0.0.1, and who has signed it, as files.
 *
 * @param {string} folder where they are written
 */
export async function makeIdentity(folder) {
  const { makeAuthority, makeCertificate } = await import("../../packages/grpc/dist/test/certificates.js");
  const authority = makeAuthority("suite authority");
  const server = makeCertificate("suite server", authority);
  const files = { ca: join(folder, "ca.pem"), cert: join(folder, "server.pem"), key: join(folder, "server.key") };
  writeFileSync(files.ca, authority.cert);
  writeFileSync(files.cert, server.cert);
  writeFileSync(files.key, server.key);
  return { ...files, name: "localhost" };
}
