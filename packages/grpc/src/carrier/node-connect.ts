import type { Socket } from "node:net";
import { connect, isIP } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import type { Connection, ConnectionEvents, Peer } from "../exchange.js";
import { certificateError, connectError } from "./node-error.js";
import type { ReadMemory } from "./node-read-memory.js";
import type { Target } from "./node-target.js";

/** What of TLS a client may choose: certificates, keys, the name to verify. */
export type ClientTls = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "pfx" | "servername" | "rejectUnauthorized" | "checkServerIdentity"
>;

/**
 * Speaks HTTP/2 on a connected socket. Resolves with the server's SETTINGS, because before them nothing says that it is HTTP/2.
 *
 * @param authority what `:authority` says: the host and port that the user named
 * @param memory what the socket reads into, if that is not Node's own
 * @throws {Error} if the socket closes before; to give up, destroy the socket
 */
export type SpeakHttp2 = (
  socket: Socket,
  peer: Peer,
  events: ConnectionEvents,
  authority: string,
  memory?: ReadMemory,
) => Promise<Connection>;

/** What is spoken on a socket, as ALPN calls it. */
export type SpokenHttp = "h2" | "http/1.1";

/**
 * A socket that is connected, through TLS where the target says so, and speaks this HTTP as far as TLS can tell.
 *
 * @param signal gives up
 * @param memory what the socket reads into instead of Node's own; not through TLS
 * @throws {Error} whose message says where and why
 */
export function openSocket(
  target: Target,
  tls: ClientTls | undefined,
  spoken: SpokenHttp,
  signal: AbortSignal,
  memory?: ReadMemory,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = target.secure
      ? secureSocket(target, tls, spoken)
      : connect({ ...target.at, noDelay: true, ...(memory !== undefined && { onread: memory.onread }) });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const giveUp = () => fail(signal.reason as Error);
    const onError = (error: Error) => fail(connectError(target.name, error));
    socket.once("error", onError);
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    socket.once(target.secure ? "secureConnect" : "connect", () => {
      signal.removeEventListener("abort", giveUp);
      socket.off("error", onError);
      // From here on only the close matters, to whoever has the socket. Broken TLS does not bring one by itself.
      socket.on("error", () => socket.destroy());
      // Servers that know nothing of ALPN speak HTTP/1.1.
      if (spoken === "h2" && target.secure && (socket as TLSSocket).alpnProtocol !== "h2") {
        fail(new Error(`${target.name} does not offer HTTP/2: TLS agreed on no "h2" (ALPN)`));
      } else {
        resolve(socket);
      }
    });
  });
}

/** @throws {Error} if the client's certificate cannot be used */
function secureSocket(target: Target, tls: ClientTls | undefined, spoken: SpokenHttp): TLSSocket {
  try {
    return connectTls(tlsOptions(target, tls, spoken));
  } catch (error) {
    throw certificateError(error as Error);
  }
}

function tlsOptions(target: Target, tls: ClientTls | undefined, spoken: SpokenHttp): ConnectionOptions {
  const { at, serverName = "" } = target;
  // The name of an address is checked too, but TLS must not send it: RFC 6066, section 3.
  return {
    ...at,
    ...(isIP(serverName) === 0 && { servername: serverName }),
    minVersion: "TLSv1.2",
    ...tls,
    ALPNProtocols: [spoken],
  };
}
