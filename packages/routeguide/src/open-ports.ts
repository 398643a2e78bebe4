/** Opens what a server is called through: its port, and a Unix socket beside it. */
import { networkInterfaces } from "node:os";
import type { Server } from "@routeguide/grpc";
import { type Listening, type ListenOptions, listen, type ServerTls } from "@routeguide/grpc/node";
import { webSocket } from "@routeguide/grpc/websocket";
import type { ListenAddress, Target } from "./config/address.js";
import type { Config } from "./config.js";
import type { Log } from "./service/log.js";
import { StartError } from "./start-error.js";

/** @throws {StartError} if an address cannot be listened on, or a certificate cannot be used */
export async function openPorts(server: Pick<Server, "accept">, config: Config, log: Log): Promise<Listening[]> {
  const { engine, maxConnections, maxConcurrentStreams, stallSeconds, uds } = config;
  const limits = { maxConnections, maxConcurrentStreams, stallMs: stallSeconds * 1000 };
  const upgrades = [webSocket({ origins: config.allowOrigin, limits: { stallMs: limits.stallMs } })];
  const tls = tlsOf(config, log);
  const open = async (at: ReturnType<typeof everyHost>, options: ListenOptions) => {
    try {
      return await listen(server, at, { engine, limits, upgrades, ...options });
    } catch (error) {
      // Whatever is wrong with an address is for the user; the runtime says it in a sentence.
      throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
  const ports = [await open(everyHost(config.listen), tls === undefined ? {} : { tls })];
  try {
    // Who may open the file may call: on one machine that takes the place of TLS.
    if (uds !== undefined) ports.push(await open({ path: uds }, {}));
    return ports;
  } catch (error) {
    await Promise.all(ports.map((port) => port.close(0)));
    throw error;
  }
}

/** An address without a host is every interface: with IPv6, if this machine has any, since that takes IPv4 too. */
export function everyHost(
  at: ListenAddress,
): { readonly port: number; readonly host: string } | { readonly path: string } {
  if ("path" in at) return at;
  const { port, host } = at;
  if (host !== undefined) return { port, host };
  const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family }) => family === "IPv6"),
  );
  return { port, host: hasIPv6 ? "::" : "0.0.0.0" };
}

/** What a client on this machine dials. A server that listens everywhere is dialled on the loopback interface. */
export function targetOf(address: string, { tlsCert }: Config): Target {
  if (address.startsWith("unix:")) return `unix:${address.slice("unix:".length)}`;
  return `${tlsCert === undefined ? "http" : "https"}://${address.replace(/^(\[::\]|0\.0\.0\.0):/, "127.0.0.1:")}`;
}

/** The files of the certificate; undefined: cleartext. A configuration has both, or none. */
function tlsOf({ tlsCert, tlsKey, tlsClientCa }: Config, log: Log): ServerTls | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return {
    certFile: tlsCert,
    keyFile: tlsKey,
    ...(tlsClientCa !== undefined && { clientCaFile: tlsClientCa }),
    onReloadError: (error) => log.error({ err: error }, "the new certificate cannot be used, the one before stays"),
  };
}
