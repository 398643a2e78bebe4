/** What Node's errors mean, in words for whoever runs the program. The only place that knows Node's error codes. */
import { getSystemErrorMap } from "node:util";

/** Why connecting failed. */
export function connectError(where: string, error: Error): Error {
  return new Error(connectReason(where, error), { cause: error });
}

/** Why a server cannot listen on a port. */
export function listenError(where: string, error: Error): Error {
  return new Error(listenReason(where, error), { cause: error });
}

/** Why a server cannot listen on a Unix socket. */
export function socketFileError(path: string, error: Error): Error {
  return new Error(socketFileReason(path, error), { cause: error });
}

/** Why a file cannot be read. */
export function readError(file: string, error: NodeJS.ErrnoException): Error {
  const known = error.errno === undefined ? undefined : getSystemErrorMap().get(error.errno);
  return new Error(`cannot read ${file}: ${known?.[1] ?? error.message}`, { cause: error });
}

/** Why a certificate cannot be used, with the files that it and its key came from, if they did. */
export function certificateError(error: Error, certFile?: string, keyFile?: string): Error {
  const which = certFile === undefined ? "the certificate" : `the certificate ${certFile} with the key ${keyFile}`;
  // OpenSSL's errors have their reason apart from the rest: "no start line".
  const reason = "reason" in error ? error.reason : error.message;
  return new Error(`cannot use ${which}: ${reason}`, { cause: error });
}

/** That a connection is gone, which nobody asked for. */
export function lostError(where: string, error: Error | undefined): Error {
  if (error === undefined) return new Error(`${where} closed the connection`);
  return new Error(lostReason(where, error), { cause: error });
}

/** Whether a listener's path or port is taken. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE";
}

/** Whether the other side has cut the connection. */
export function isCut(error: unknown): boolean {
  return codeOf(error) === "ECONNRESET";
}

/** Whether node:http2 has found that what comes is not as HTTP/2 has it. */
export function isHttp2Error(error: unknown): boolean {
  return codeOf(error) === "ERR_HTTP2_ERROR";
}

/** Whether nobody listens there. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === "ECONNREFUSED";
}

/** Whether a peer did not finish its TLS handshake in time. */
export function isHandshakeTimeout(error: unknown): boolean {
  return codeOf(error) === "ERR_TLS_HANDSHAKE_TIMEOUT";
}

function connectReason(where: string, error: Error): string {
  const code = codeOf(error);
  switch (code) {
    case "ECONNREFUSED":
      return `nothing listens on ${where}`;
    case "ENOENT":
      return `nothing listens on ${where}: there is no such file`;
    case "ENOTFOUND":
      return `cannot connect to ${where}: no such host`;
    case "EAI_AGAIN":
      return `cannot connect to ${where}: the name service does not answer`;
    case "ECONNRESET":
      // The code is the same before TCP stands and before TLS does.
      return `${where} cut the connection before it stood${error.message.includes("TLS") ? `: ${NO_TLS}` : ""}`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `cannot connect to ${where}: no route to that host`;
    case "ETIMEDOUT":
      return `${where} does not answer`;
    case "EACCES":
    case "EPERM":
      return `cannot connect to ${where}: not allowed`;
    // What came is no record of TLS.
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return `${where} does not speak TLS: write http:// to call it in cleartext`;
    default:
      if (isTls(code)) return `cannot trust ${where}: ${error.message}`;
      return alertReason(where, code) ?? `cannot connect to ${where}: ${error.message}`;
  }
}

function lostReason(where: string, error: Error): string {
  const code = codeOf(error);
  if (code === "ECONNRESET") return `${where} cut the connection`;
  return alertReason(where, code) ?? `the connection to ${where} broke: ${error.message}`;
}

/** What the server's TLS said before it closed, and what helps; undefined if that is not how it ended. Source: RFC 8446, section 6.2. */
function alertReason(where: string, code: string): string | undefined {
  const alert = /^ERR_SSL_\S*ALERT_(\w+)$/.exec(code)?.[1]?.toLowerCase().replaceAll("_", " ");
  if (alert === undefined) return undefined;
  const said = `${where} ended TLS with the alert "${alert}"`;
  if (/certificate|unknown ca/.test(alert))
    return `${said}: it wants a client certificate that it trusts (cert and key)`;
  if (alert === "handshake failure") {
    return `${said}: it may want a client certificate (cert and key), or other versions and ciphers`;
  }
  return alert === "no application protocol" ? `${said}: it does not speak this version of HTTP` : said;
}

function listenReason(where: string, error: Error): string {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return `${where} is in use: stop what listens there, or choose another port`;
    case "EACCES":
      return `cannot listen on ${where}: not allowed; ports below 1024 need more rights`;
    case "EADDRNOTAVAIL":
      return `cannot listen on ${where}: this machine does not have that address`;
    case "ENOTFOUND":
      return `cannot listen on ${where}: no such host`;
    default:
      return `cannot listen on ${where}: ${error.message}`;
  }
}

function socketFileReason(path: string, error: Error): string {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return `${path} is in use: stop what listens there, or choose another path`;
    // Node says EACCES too where the system says ENOENT.
    case "EACCES":
      return `cannot listen on ${path}: its folder is not there, or does not allow it`;
    default:
      return `cannot listen on ${path}: ${error.message}`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

const NO_TLS = "it may speak no TLS, or want a client certificate that it trusts (cert and key)";

/** Verification's codes have no common prefix: X509_V_ERR_* without it. What the server's TLS says begins with ERR_SSL. */
function isTls(code: string): boolean {
  return !code.startsWith("ERR_SSL") && /CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME|ALTNAME/.test(code);
}
