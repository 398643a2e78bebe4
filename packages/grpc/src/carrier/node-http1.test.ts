import { Http1Client } from "../../test/exchange/http1-client.js";
import { exchangeSuite } from "../../test/exchange-suite.js";
import { listen } from "./node-listen.js";

const NO_CODES = "HTTP/1.1 has no reset codes: a reset cuts the connection";
const ONE_EACH = "HTTP/1.1 has a connection for each exchange: there is nothing to wait for";

exchangeSuite(
  "node:http",
  async (accept, { events }) => {
    const listening = await listen({ accept }, { port: 0 });
    const connection = new Http1Client(listening.address, () => events?.closed?.(undefined));
    return {
      connection,
      cut: () => connection.close(),
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
    "a drained connection": ONE_EACH,
    "when a connection is closed": ONE_EACH,
  },
);
