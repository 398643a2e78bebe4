import { connect } from "node:net";
import { connectOwn } from "../../src/carrier/node-h2-client.js";
import { connectNode } from "../../src/carrier/node-http2-client.js";
import { listen } from "../../src/carrier/node-listen.js";
import { peerOf } from "../../src/carrier/node-peer.js";
import { ReadMemory } from "../../src/carrier/node-read-memory.js";
import { clientLimits } from "../../src/h2/limits.js";
import type { Open } from "./harness.js";

/** Opens connections over a socket of this machine. `serverEngine` is `engine` unless it says otherwise. */
export function listenAndDial(options: { engine: "own" | "node"; serverEngine?: "own" | "node" }): Open {
  const { engine, serverEngine = engine } = options;
  return async (accept, { maxExchanges = 1000, events }) => {
    const limits = { maxConcurrentStreams: maxExchanges };
    const listening = await listen({ accept }, { port: 0 }, { engine: serverEngine, limits });
    const memory = engine === "node" ? undefined : new ReadMemory();
    const port = Number(listening.address.split(":")[1]);
    const socket = connect({ port, host: "127.0.0.1", ...(memory !== undefined && { onread: memory.onread }) });
    const speak = engine === "node" ? connectNode(clientLimits) : connectOwn(clientLimits);
    const nothing = () => {};
    const connection = await speak(
      socket,
      peerOf(socket),
      { openable: nothing, draining: nothing, closed: nothing, ...events },
      listening.address,
      memory,
    );
    return {
      connection,
      cut: () => socket.destroy(),
      [Symbol.asyncDispose]: async () => {
        connection.close();
        await listening.close(0);
      },
    };
  };
}
