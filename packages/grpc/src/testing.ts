/** For tests: a server and its clients in one process, without a network. */
import { memoryPair } from "./carrier/memory.js";
import type { Transport } from "./exchange.js";
import { checkArgument, withMethods } from "./options.js";
import type { Server } from "./server/server.js";

/**
 * A transport that leads to this server. Disposing of it ends its calls, and leaves the server as it is.
 *
 * @throws {TypeError} for what is no server
 */
export function inMemory(server: Pick<Server, "accept">): Transport {
  checkArgument("inMemory()", "server", server, withMethods("what createServer() gives", "accept"));
  const connection = memoryPair(server.accept);
  return {
    protocolName: "grpc",
    connection: () => connection,
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}
