import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate for 127.0.0.1 that is good for a day, and trusted by whoever has its text. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM. */
  readonly text: string;
}

/** @throws {Error} if openssl, which makes it, is not installed */
export function makeCertificate(folder: string): Certificate {
  const certFile = join(folder, "cert.pem");
  const keyFile = join(folder, "key.pem");
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"];
  const name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = spawnSync("openssl", ["req", ...kind, ...name, "-out", certFile, "-keyout", keyFile]);
  if (made.status !== 0) throw new Error("--tls needs openssl to make a certificate", { cause: made.error });
  return { certFile, keyFile, text: readFileSync(certFile, "utf8") };
}
