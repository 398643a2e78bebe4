/** For tests: a server and its clients in one process, without a network. */
import { memoryPair } from "./carrier/memory.js";
import type { Transport } from "./exchange.js";
import type { Server } from "./server/server.js";

/** A transport that leads to this server. Disposing of it ends its calls, and leaves the server as it is. */
export function inMemory(server: Pick<Server, "accept">): Transport {
  const connection = memoryPair(server.accept);
  return {
    protocolName: "grpc",
    connection: () => connection,
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}
