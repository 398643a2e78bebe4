import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions, type Server, type TlsOptions } from "node:tls";
import { shown } from "../shown.js";
import { certificateError, readError } from "./node-error.js";

/** A server's certificate, PEM: as it is, or in files that are read again when they change. */
export type ServerTls = CommonTls & (TlsMaterial | TlsFiles);

/** A certificate as it is. */
export interface TlsMaterial {
  /** The certificate, with those that it was signed with. */
  readonly cert: string | Uint8Array;
  /** Its private key. */
  readonly key: string | Uint8Array;
  /** Who signs clients' certificates. If given, clients must show one. */
  readonly clientCa?: string | Uint8Array;
}

/** A certificate in files. */
export interface TlsFiles {
  /** The path of the certificate, with those that it was signed with. */
  readonly certFile: string;
  /** The path of its key. */
  readonly keyFile: string;
  /** The path of who signs clients' certificates. If given, clients must show one. */
  readonly clientCaFile?: string;
  /** How often the files are looked at, in milliseconds. Default 5000. */
  readonly reloadCheckMs?: number;
  /** New files cannot be read or used: those before stay in use. Default: a warning of the process. */
  readonly onReloadError?: (error: Error) => void;
}

interface CommonTls {
  /** For an encrypted key. */
  readonly passphrase?: string;
  /** Default TLSv1.2, which gRPC asks for at least. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3";
}

/**
 * @throws {TypeError} without a certificate or its key
 * @throws {Error} if a file cannot be read, or the certificate not be used; the message says which and why
 */
export function tlsOptions(tls: ServerTls): TlsOptions {
  const [cert, key]: unknown[] = "certFile" in tls ? [tls.certFile, tls.keyFile] : [tls.cert, tls.key];
  // Without types one of the two may be missing, and Node would not say which.
  for (const [name, value] of Object.entries({ cert, key })) {
    if (typeof value === "string" || value instanceof Uint8Array) continue;
    throw new TypeError(`tls has ${shown(value)} as its ${name}: expected cert and key, or certFile and keyFile`);
  }
  const isMutual = "certFile" in tls ? tls.clientCaFile !== undefined : tls.clientCa !== undefined;
  return {
    ...contextOptions(tls),
    requestCert: isMutual,
    rejectUnauthorized: isMutual,
    ALPNProtocols: ["h2", "http/1.1"],
  };
}

/**
 * Gives the server new certificates when the content of their files has changed; connections that stand go on with those they
 * began with. It looks, instead of waiting for the file system's events: a certificate that is mounted changes through a link.
 *
 * @returns stops looking
 */
export function reloadWhenChanged(server: Server, tls: ServerTls): () => void {
  if (!("certFile" in tls)) return () => {};
  const { reloadCheckMs = 5000, onReloadError = warn } = tls;
  let seen = fingerprint(readFiles(tls));
  const timer = setInterval(() => {
    try {
      const files = readFiles(tls);
      const now = fingerprint(files);
      if (now === seen) return;
      seen = now;
      server.setSecureContext(contextOptions({ ...tls, ...files }));
    } catch (error) {
      onReloadError(error as Error);
    }
  }, reloadCheckMs).unref();
  return () => clearInterval(timer);
}

function contextOptions(tls: ServerTls): SecureContextOptions {
  const { passphrase, minVersion = "TLSv1.2" } = tls;
  const { cert, key, clientCa } = "cert" in tls ? tls : readFiles(tls);
  const options = {
    cert: Buffer.from(cert as Uint8Array),
    key: Buffer.from(key as Uint8Array),
    minVersion,
    ...(clientCa !== undefined && { ca: Buffer.from(clientCa as Uint8Array) }),
    ...(passphrase !== undefined && { passphrase }),
  };
  try {
    // A certificate whose new key is not there yet fails here, and not in the server.
    createSecureContext(options);
  } catch (error) {
    const files = "certFile" in tls ? ([tls.certFile, tls.keyFile] as const) : [];
    throw certificateError(error as Error, ...files);
  }
  return options;
}

function readFiles({ certFile, keyFile, clientCaFile }: TlsFiles): TlsMaterial {
  return {
    cert: read(certFile),
    key: read(keyFile),
    ...(clientCaFile !== undefined && { clientCa: read(clientCaFile) }),
  };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw readError(file, error as Error);
  }
}

function fingerprint({ cert, key, clientCa = "" }: TlsMaterial): string {
  return createHash("sha256").update(cert).update(key).update(clientCa).digest("base64");
}

function warn(error: Error): void {
  process.emitWarning(`the new TLS certificate cannot be used, the one before stays: ${error.message}`);
}
