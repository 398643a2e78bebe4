import { connect } from "node:net";
import { exchangeSuite } from "../../test/exchange-suite.js";
import { clientLimits } from "../h2/limits.js";
import { Http1ClientConnection } from "./node-http1-client.js";
import { listen } from "./node-listen.js";
import { peerOf } from "./node-peer.js";

const NO_CODES = "HTTP/1.1 has no reset codes: a reset cuts the connection";
const ONE_EACH = "HTTP/1.1 has a connection for each exchange: the server has no say in how many there are";

exchangeSuite(
  "node:http",
  async (accept, { events }) => {
    const listening = await listen({ accept }, { port: 0 });
    const port = Number(listening.address.split(":")[1]);
    const open = () =>
      new Promise<ReturnType<typeof connect>>((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => resolve(socket));
        socket.once("error", reject);
      });
    const first = await open();
    const sockets = [first];
    const nothing = () => {};
    const connection = new Http1ClientConnection({
      peer: peerOf(first, undefined, "http1"),
      authority: listening.address,
      limits: clientLimits,
      events: { openable: nothing, draining: nothing, closed: nothing, ...events },
      first,
      async open() {
        const socket = await open();
        sockets.push(socket);
        return socket;
      },
    });
    return {
      connection,
      cut: () => {
        for (const socket of sockets) socket.destroy();
      },
      async [Symbol.asyncDispose]() {
        connection.close();
        await listening.close(0);
      },
    };
  },
  {
    "reaches the other side with its code": NO_CODES,
    "refuse a request before it looks": NO_CODES,
    "beyond what the server takes": ONE_EACH,
    "a slot is taken": ONE_EACH,
    "an exchange that waits": ONE_EACH,
    "takes exchanges again": ONE_EACH,
    "when a connection is closed, what had left is lost and what waits": ONE_EACH,
  },
);
