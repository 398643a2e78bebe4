import type { Socket } from "node:net";
import { connect, isIP } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { connectError } from "./node-error.js";
import type { Target } from "./node-target.js";

/** What of TLS a client may choose: certificates, keys, the name to verify. */
export type ClientTls = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "passphrase" | "pfx" | "servername" | "rejectUnauthorized" | "checkServerIdentity"
>;

/**
 * A socket that is connected, through TLS where the target says so, and speaks HTTP/2 as far as TLS can tell.
 *
 * @param signal gives up
 * @throws {Error} whose message says where and why
 */
export function openSocket(target: Target, tls: ClientTls | undefined, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = target.secure ? connectTls(tlsOptions(target, tls)) : connect({ ...target.at, noDelay: true });
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
      // From here on errors come with a close, which whoever has the socket listens to.
      socket.on("error", () => {});
      if (target.secure && (socket as TLSSocket).alpnProtocol !== "h2") {
        fail(new Error(`${target.name} does not offer HTTP/2: TLS agreed on no "h2" (ALPN)`));
      } else {
        resolve(socket);
      }
    });
  });
}

function tlsOptions(target: Target, tls: ClientTls | undefined): ConnectionOptions {
  const named = "host" in target.at && isIP(target.at.host) === 0 ? { servername: target.at.host } : {};
  return { ...target.at, ...named, minVersion: "TLSv1.2", ...tls, ALPNProtocols: ["h2"] };
}
