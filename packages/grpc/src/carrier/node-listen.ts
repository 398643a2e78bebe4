import type { Accept } from "../exchange.js";
import { type Limits, serverLimits } from "../h2/limits.js";
import {
  A_BOOLEAN,
  AN_OBJECT,
  checkNumber,
  checkOptions,
  type Expectations,
  listOf,
  oneOf,
  withMethods,
} from "../options.js";
import { shown } from "../shown.js";
import { type Http1Limits, http1Limits } from "./http1-limits.js";
import { limitsOf } from "./limits-of.js";
import { serveOwn } from "./node-h2-server.js";
import { serveHttp1 } from "./node-http1-server.js";
import { serveNode } from "./node-http2-server.js";
import { type ListenAt, type Listener, openListener } from "./node-listener.js";
import type { ServerTls } from "./node-tls.js";
import type { Upgrade } from "./node-upgrade.js";

/** How a server listens. */
export interface ListenOptions {
  /** Speak TLS: the server's certificate, and what clients must show. */
  readonly tls?: ServerTls;
  /** What peers may do; see {@link Limits} for each, its unit and its default. */
  readonly limits?: Partial<Limits>;
  /** What peers over HTTP/1.1 may do beside that; see {@link Http1Limits}. */
  readonly http1Limits?: Partial<Http1Limits>;
  /** Who speaks HTTP/2: our own engine, or node:http2, which keeps fewer of the limits. Default "own". */
  readonly engine?: "own" | "node";
  /** Other protocols that connections of HTTP/1.1 may change to: `webSocket()` of "@routeguide/grpc/websocket". Default: none. */
  readonly upgrades?: readonly Upgrade[];
  /** Let other processes listen on the same port (SO_REUSEPORT). Node 22.12 or 23.1 and later, on Linux and some others. Default: false. */
  readonly reusePort?: boolean;
}

/** A server that listens. */
export interface Listening extends AsyncDisposable {
  /** Where: `host:port`, or `unix:path`. */
  readonly address: string;
  /**
   * Stops accepting and lets calls end; closes what is left after so many milliseconds (default: the limit `drainGraceMs`; Infinity:
   * never). Resolves when nothing is open.
   *
   * @throws {RangeError} if it is no number of at least 0
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * Serves on a port or a Unix socket. To serve on several, call it for each.
 *
 * @throws {Error} if it cannot listen there; the message says where, why and what to do
 * @throws {TypeError} for what is no server, no port and no path, and for an option that is none
 * @throws {RangeError} for a limit that there is not, or that makes no sense
 */
export async function listen(
  server: { readonly accept: Accept },
  at: ListenAt,
  options: ListenOptions = {},
): Promise<Listening> {
  // Without types it may be the handlers of a service: the first call would end the process.
  const { accept } = Object(server) as { readonly accept: Accept };
  if (typeof accept !== "function") {
    throw new TypeError(`listen() got ${shown(server)} as its server: expected what createServer() gives`);
  }
  checkOptions("listen()", options, EXPECTED);
  const limits = limitsOf(serverLimits, options.limits);
  const http2 = options.engine === "node" ? serveNode(accept, limits) : serveOwn(accept, limits);
  const http1 = serveHttp1(accept, { ...limits, ...limitsOf(http1Limits, options.http1Limits) }, options.upgrades);
  const listener = await openListener(
    at,
    { http2, http1 },
    {
      maxConnections: limits.maxConnections,
      handshakeMs: limits.handshakeMs,
      lingerMs: limits.lingerMs,
      reusePort: options.reusePort === true,
      ...(options.tls !== undefined && { tls: options.tls }),
    },
  );
  return new DrainingListener(listener, limits.drainGraceMs);
}

const EXPECTED: Expectations<ListenOptions> = {
  tls: AN_OBJECT,
  limits: AN_OBJECT,
  http1Limits: AN_OBJECT,
  engine: oneOf("own", "node"),
  upgrades: listOf(withMethods("an upgrade", "begin"), "upgrades, such as what webSocket() gives"),
  reusePort: A_BOOLEAN,
};

class DrainingListener implements Listening {
  readonly #listener: Listener;
  readonly #graceMs: number;

  constructor(listener: Listener, graceMs: number) {
    this.#listener = listener;
    this.#graceMs = graceMs;
  }

  get address(): string {
    return this.#listener.address;
  }

  async close(graceMs: number = this.#graceMs): Promise<void> {
    checkNumber("graceMs", graceMs);
    return this.#listener.close(graceMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close(0);
  }
}
