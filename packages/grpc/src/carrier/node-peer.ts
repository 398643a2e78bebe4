import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Peer } from "../exchange.js";

/** The other side of a connected socket. `path` is that of a Unix socket, which the socket itself does not know. */
export function peerOf(socket: Socket, path?: string, carrier: "h2" | "http1" = "h2"): Peer {
  const { remoteAddress, remotePort } = socket;
  const address = path ?? (remoteAddress === undefined ? "" : hostPort(remoteAddress, remotePort ?? 0));
  if (!(socket instanceof TLSSocket)) return { carrier, address, secure: false, certificate: () => undefined };
  return { carrier, address, secure: true, certificate: () => certificateOf(socket) };
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Node gives an empty object for none, and null once the socket is gone. */
function certificateOf(socket: TLSSocket): unknown {
  const certificate = socket.getPeerCertificate();
  return certificate !== null && Object.keys(certificate).length > 0 ? certificate : undefined;
}
