/** A server of sockets that does nothing with what they bring: what a connection costs before anybody speaks HTTP/2. */
import { createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });

createServer({ noDelay: true }, (socket) => {
  socket.on("data", () => {});
  // Those that measure cut their connections.
  socket.on("error", () => {});
}).listen(Number(values.port), "127.0.0.1");
