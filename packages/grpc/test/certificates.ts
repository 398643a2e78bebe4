/** Certificates made on the spot, so that no test's key lies in the repository and none expires. X.509: RFC 5280; DER: X.690. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Identity {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

/** A certificate that may sign others. */
export function makeAuthority(name: string): Identity {
  return makeIdentity(name, undefined);
}

/** A certificate that the authority has signed, good for localhost and 127.0.0.1. */
export function makeCertificate(name: string, authority: Identity): Identity {
  return makeIdentity(name, authority);
}

function makeIdentity(name: string, authority: Identity | undefined): Identity {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = authority ?? { privateKey, name };
  const algorithm = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ecdsa-with-SHA256
  const isAuthority = authority === undefined;
  const body = sequence(
    tagged(0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(signer.name),
    sequence(time(-3_600_000), time(86_400_000)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(isAuthority ? basicConstraints() : alternativeNames())),
  );
  const signature = sign("sha256", body, signer.privateKey);
  const cert = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    name,
    privateKey,
    cert: pem(cert),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function pem(cert: Buffer): string {
  const lines = cert.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function basicConstraints(): Buffer {
  return extension([0x55, 0x1d, 0x13], sequence(der(0x01, Buffer.from([0xff]))));
}

function alternativeNames(): Buffer {
  return extension(
    [0x55, 0x1d, 0x11],
    sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1]))),
  );
}

function extension(id: number[], value: Buffer): Buffer {
  return sequence(objectId(...id), der(0x04, value));
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
}

function time(fromNowMs: number): Buffer {
  const text = new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(text));
}

const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
const objectId = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));
const tagged = (tag: number, content: Uint8Array): Buffer => der(0xa0 | tag, content);

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}
