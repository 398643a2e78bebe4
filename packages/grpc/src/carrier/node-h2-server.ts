import type { Accept, Peer } from "../exchange.js";
import { BufferPool } from "../h2/buffer-pool.js";
import { H2Connection } from "../h2/connection.js";
import type { Limits } from "../h2/limits.js";
import type { ServeConnection } from "./node-listener.js";
import { SocketDriver } from "./node-socket.js";
import { Ticker } from "./node-ticker.js";

/** Serves connections with our own engine. All of a listener's share one timer and one pool of buffers. */
export function serveOwn(
  accept: Accept,
  limits: Limits,
  violated?: (name: string, peer: Peer) => void,
): ServeConnection {
  const ticker = new Ticker();
  const pool = new BufferPool();
  return (socket, peer) =>
    new SocketDriver(
      socket,
      (wake) =>
        H2Connection.server({
          peer,
          limits,
          pool,
          accept,
          wake,
          now: performance.now(),
          jitter: Math.random(),
          violated: (name) => violated?.(name, peer),
        }),
      // Node has no public way to choose what accepted sockets read into.
      { ticker, lingerMs: limits.lingerMs, memory: undefined },
    );
}
