/** What Node's errors mean, in words for whoever runs the program. The only place that knows Node's error codes. */

/** Why connecting failed. */
export function connectError(where: string, error: Error): Error {
  return new Error(connectReason(where, error), { cause: error });
}

/** Why a server cannot listen there. */
export function listenError(where: string, error: Error): Error {
  return new Error(listenReason(where, error), { cause: error });
}

/** That a connection is gone, which nobody asked for. */
export function lostError(where: string, error: Error | undefined): Error {
  if (error === undefined) return new Error(`${where} closed the connection`);
  if (codeOf(error) === "ECONNRESET") return new Error(`${where} cut the connection`, { cause: error });
  return new Error(`the connection to ${where} broke: ${error.message}`, { cause: error });
}

/** Whether a listener's path or port is taken. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === "EADDRINUSE";
}

/** Whether nobody listens there. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === "ECONNREFUSED";
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
      return `${where} cut the connection before it stood`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `cannot connect to ${where}: no route to that host`;
    case "ETIMEDOUT":
      return `${where} does not answer`;
    case "EACCES":
    case "EPERM":
      return `cannot connect to ${where}: not allowed`;
    default:
      return isTls(code) ? `cannot trust ${where}: ${error.message}` : `cannot connect to ${where}: ${error.message}`;
  }
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
    case "ENOENT":
      return `cannot listen on ${where}: there is no such folder`;
    default:
      return `cannot listen on ${where}: ${error.message}`;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Verification's codes have no common prefix: X509_V_ERR_* without it. */
function isTls(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO|HOSTNAME|ALTNAME/.test(code);
}
