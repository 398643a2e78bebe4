import type { Connection } from "../exchange.js";
import { BufferPool } from "../h2/buffer-pool.js";
import { H2Connection } from "../h2/connection.js";
import type { Limits } from "../h2/limits.js";
import type { SpeakHttp2 } from "./node-connect.js";
import type { ReadMemory } from "./node-read-memory.js";
import { SocketDriver } from "./node-socket.js";
import { Ticker } from "./node-ticker.js";
import { unansweredError } from "./node-unanswered.js";

/** Speaks HTTP/2 with our own engine. All connections made by what this returns share one timer and one pool of buffers. */
export function connectOwn(limits: Limits): SpeakHttp2 {
  const ticker = new Ticker();
  const pool = new BufferPool();
  return (socket, peer, events, authority, memory) =>
    new Promise<Connection>((resolve, reject) => {
      let isReady = false;
      let keepsAlive = true;
      let first: Uint8Array | undefined;
      const onProgress = () => {
        const { connection } = driver;
        if (!isReady && connection.isReady) {
          isReady = true;
          resolve(connection);
        }
        // A connection that nobody uses does not keep the process alive.
        const isUsed = !isReady || connection.openStreams > 0;
        if (isUsed === keepsAlive) return;
        keepsAlive = isUsed;
        if (isUsed) socket.ref();
        else socket.unref();
      };
      const driver = new SocketDriver(
        socket,
        (wake) =>
          H2Connection.client({
            peer,
            limits,
            pool,
            authority,
            wake,
            now: performance.now(),
            jitter: Math.random(),
            events: {
              openable: () => events.openable(),
              draining: () => events.draining(),
              closed: (reason) => {
                if (isReady) events.closed(reason);
                // The engine's reason is its own, unless the socket has gone.
                else reject(unansweredError(peer, { error: socket.destroyed ? driver.error : reason, first }));
              },
            },
          }),
        { ticker, lingerMs: limits.lingerMs, memory, onProgress },
      );
      // Over TLS, ALPN has said that it is HTTP/2.
      if (memory !== undefined) {
        onFirstRead(memory, (bytes) => {
          first = bytes;
        });
      }
      driver.flush();
    });
}

/** Has a copy of how the first read begins looked at, before whoever receives it. */
function onFirstRead(memory: ReadMemory, look: (bytes: Uint8Array) => void): void {
  const { receive } = memory;
  memory.receive = (bytes) => {
    memory.receive = receive;
    look(new Uint8Array(bytes.subarray(0, FIRST_BYTES)));
    return receive(bytes);
  };
}

/** Enough to tell what is spoken. */
const FIRST_BYTES = 16;
