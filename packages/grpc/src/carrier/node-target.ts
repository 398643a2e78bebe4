import { hostPort } from "./node-peer.js";

/** Where a client connects: a URL without a path, or a Unix socket. */
export type DialTarget = `http://${string}` | `https://${string}` | `unix:${string}`;

/** A target taken apart. */
export interface Target {
  readonly secure: boolean;
  /** What to connect to: a host (an address without brackets, or a name to look up) and port, or a Unix socket. */
  readonly at: { readonly host: string; readonly port: number } | { readonly path: string };
  /** The name that a certificate must be good for; undefined for a Unix socket. */
  readonly serverName: string | undefined;
  /** What the requests call it: `:authority`. */
  readonly authority: string;
  /** The target as messages name it: `host:port`, or the socket's path. */
  readonly name: string;
}

/** @throws {TypeError} if it is none of {@link DialTarget}'s forms; the message says what is expected */
export function parseTarget(target: string): Target {
  if (target.startsWith("unix:")) {
    const path = target.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    if (path === "") throw wrongTarget(target);
    return { secure: false, at: { path }, serverName: undefined, authority: "localhost", name: path };
  }
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const secure = url?.protocol === "https:";
  if (
    url === undefined ||
    (!secure && url.protocol !== "http:") ||
    url.pathname !== "/" ||
    url.search !== "" ||
    url.username !== ""
  ) {
    throw wrongTarget(target);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  return { secure, at: { host, port }, serverName: host, authority: url.host, name: hostPort(host, port) };
}

function wrongTarget(target: string): TypeError {
  return new TypeError(`"${target}" is no target: write http://host:port, https://host:port or unix:path`);
}
