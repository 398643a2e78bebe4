import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PLACES, runCommand, serveCommand } from "./command.js";
import { temporaryFolder } from "./temporary-folder.js";

interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** The runtime's tests make certificates on the spot; what they are made with is no part of its package. */
const certificates: {
  makeAuthority(name: string): Identity;
  makeCertificate(name: string, authority: Identity): Identity;
} = await import(new URL("../../../grpc/dist/test/certificates.js", import.meta.url).href);

const folder = await temporaryFolder();
after(() => folder[Symbol.asyncDispose]());
const file = (name: string) => join(folder.path, name);
const authority = certificates.makeAuthority("the authority");
for (const name of ["server", "client"]) {
  const { cert, key } = certificates.makeCertificate(`the ${name}`, authority);
  writeFileSync(file(`${name}.pem`), cert);
  writeFileSync(file(`${name}-key.pem`), key);
}
writeFileSync(file("ca.pem"), authority.cert);

const CA = ["--ca", file("ca.pem")];
const CLIENT = ["--cert", file("client.pem"), "--key", file("client-key.pem")];
const POINT = "40.9146138,-74.6188906";

let server: Awaited<ReturnType<typeof serveCommand>>;
let address = "";
before(async () => {
  const tls = [
    "--tls-cert",
    file("server.pem"),
    "--tls-key",
    file("server-key.pem"),
    "--tls-client-ca",
    file("ca.pem"),
  ];
  server = await serveCommand(["--places", PLACES, ...tls]);
  address = `https://${server.address.replace(/^https:\/\//, "")}`;
});
after(() => server[Symbol.asyncDispose]());

const get = (...args: string[]) => runCommand(["get", POINT, "--address", address, ...args]);

test("a client trusts the authority that it is told of, shows its certificate, and speaks what it is told", async () => {
  for (const protocol of ["grpc", "grpc-web", "connect"]) {
    const { code, stdout, stderr } = await get(...CA, ...CLIENT, "--protocol", protocol);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Berkshire Valley/);
  }
  const probe = await runCommand(["health", "--address", address, ...CA, ...CLIENT]);
  assert.equal(probe.code, 0, probe.stderr);
});

test("without them it says whom it cannot trust, or what the server wants", async () => {
  const untrusted = await get();
  assert.equal(untrusted.code, 78);
  assert.match(untrusted.stderr, /^routeguide: UNAVAILABLE: cannot trust /);
  const unknown = await get(...CA);
  assert.equal(unknown.code, 78);
  assert.match(
    unknown.stderr,
    /^routeguide: UNAVAILABLE: .*"certificate required": it wants a client certificate that it trusts/,
  );
});

test("a file that cannot be read, or a certificate without its key, is said in a line", async () => {
  const missing = await get("--ca", file("none.pem"));
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^routeguide: cannot read .*none\.pem: no such file or directory\n$/);
  const unusable = await get("--cert", file("client.pem"), "--key", file("client.pem"));
  assert.equal(unusable.code, 78);
  assert.match(unusable.stderr, /^routeguide: UNAVAILABLE: cannot use the certificate: /);
  const half = await get("--cert", file("client.pem"));
  assert.equal(half.code, 64);
  assert.match(half.stderr, /^routeguide: --cert is given and --key is not: set both, or none\n$/);
});
