/** A proxy on the seam: each stream that comes in goes out again to a server, and is held back as that one holds it back. */
import { type Accept, type Connection, type Exchange, type Fields, ResetCode, type Sink } from "@routeguide/grpc";

/** Takes streams and passes them on over this connection. */
export function forward(connection: Connection): Accept {
  return (exchange) => new Relay(exchange, connection).fromClient;
}

/** One stream: two exchanges, and a sink for what comes from each. */
class Relay {
  readonly fromClient: Sink;
  readonly #client: Exchange;
  readonly #server: Exchange;
  /** Bytes that were passed on while their receiver had no room: their window is given back when it has. */
  readonly #held = { client: 0, server: 0 };

  constructor(client: Exchange, connection: Connection) {
    this.#client = client;
    this.fromClient = this.#sinkOfClient();
    this.#server = connection.open(client.path, { fields: client.fields }, this.#sinkOfServer());
  }

  #sinkOfClient(): Sink {
    return {
      head: () => {},
      data: (bytes, start, end) => {
        this.#held.client += end - start;
        if (this.#server.write(bytes, start, end)) this.#giveBack("client");
      },
      turn: () => {},
      end: () => this.#server.end(),
      writable: () => this.#giveBack("server"),
      closed: (code) => {
        if (code !== undefined) this.#server.reset(ResetCode.Cancel);
        this.#client.release();
      },
    };
  }

  #sinkOfServer(): Sink {
    return {
      head: (status: number, fields: Fields) => {
        // A response that is nothing but its status goes on as that: with end().
        if (!fields.includes("grpc-status")) this.#client.head({ fields }, status);
      },
      data: (bytes, start, end) => {
        this.#held.server += end - start;
        if (this.#client.write(bytes, start, end)) this.#giveBack("server");
      },
      turn: () => {},
      end: (fields) => this.#client.end({ fields }),
      writable: () => this.#giveBack("client"),
      closed: (code) => {
        if (code !== undefined) this.#client.reset(code === ResetCode.ConnectionLost ? ResetCode.InternalError : code);
      },
    };
  }

  #giveBack(to: "client" | "server"): void {
    const bytes = this.#held[to];
    this.#held[to] = 0;
    (to === "client" ? this.#client : this.#server).consumed(bytes);
  }
}
