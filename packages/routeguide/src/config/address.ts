/** Where a server listens. Port 0: a free one. Without a host: every interface. */
export type ListenAddress = { readonly port: number; readonly host?: string } | { readonly path: string };

/** What a client dials. */
export type Target = `http://${string}` | `https://${string}` | `unix:${string}`;

/** The port of gRPC's own examples. */
const DEFAULT_PORT = 50051;

export const LISTEN_FORMS = "HOST:PORT, [IPV6]:PORT, :PORT or unix:PATH";
export const TARGET_FORMS = "HOST:PORT, http://HOST:PORT, https://HOST:PORT or unix:PATH";
/** What ports there are, for messages about those that are not. */
export const PORTS = "with a port up to 65535";

/** Reads HOST:PORT, [IPV6]:PORT, :PORT (every interface) or unix:PATH; undefined if it is none of them. */
export function parseListen(text: string): ListenAddress | undefined {
  if (text.startsWith("unix:")) return unixPath(text);
  const parts = splitHostPort(text);
  if (parts === undefined || parts.port === undefined) return undefined;
  return parts.host === "" ? { port: parts.port } : { host: parts.host, port: parts.port };
}

/** Reads a client's address. Without a port: 50051, or 443 for https. undefined if it is no address. */
export function parseTarget(text: string): Target | undefined {
  if (text.startsWith("unix:")) return unixPath(text) && `unix:${text.slice("unix:".length)}`;
  const scheme = /^(https?):\/\/([^/?#]*)\/?$/.exec(text);
  const parts = splitHostPort(scheme?.[2] ?? text);
  if (parts === undefined || parts.port === 0) return undefined;
  const isSecure = scheme?.[1] === "https";
  const host = parts.host === "" ? "localhost" : bracketed(parts.host);
  const port = parts.port ?? (isSecure ? 443 : DEFAULT_PORT);
  return isSecure ? `https://${host}:${port}` : `http://${host}:${port}`;
}

function unixPath(text: string): { readonly path: string } | undefined {
  const path = text.slice("unix:".length);
  return path === "" ? undefined : { path };
}

/** A host without brackets, and the port if there is one. */
function splitHostPort(text: string): { host: string; port: number | undefined } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+(?:%\w+)?)\]|([\w.-]*))(?::(\d{1,5}))?$/.exec(text);
  if (match === null || text === "") return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && port > 65_535) return undefined;
  return { host: match[1] ?? match[2] ?? "", port };
}

const bracketed = (host: string) => (host.includes(":") ? `[${host}]` : host);
