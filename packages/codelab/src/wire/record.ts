/** Recorded clients and servers: the runtime above and below is the ordinary one. */
import type { Accept, Connection, Exchange, HeaderBlock, Peer, Sink, Transport } from "@routeguide/grpc";
import { RecordedExchange, RecordedSink, StreamRecorder } from "./record-exchange.js";
import type { Recording } from "./recording.js";

/**
 * A transport whose streams are recorded under this caller's name.
 *
 * @param windowBytes of each stream, as the transport has it
 */
export function recordTransport(
  transport: Transport,
  recording: Recording,
  caller: string,
  windowBytes: number,
): Transport {
  const known = new WeakMap<Connection, Connection>();
  const record = (connection: Connection): Connection => {
    let recorded = known.get(connection);
    if (recorded === undefined) {
      recorded = new RecordedConnection(connection, recording, caller, windowBytes);
      known.set(connection, recorded);
    }
    return recorded;
  };
  return {
    protocolName: transport.protocolName,
    connection(waitForReady) {
      const connection = transport.connection(waitForReady);
      return connection instanceof Promise ? connection.then(record) : record(connection);
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/**
 * A server's side whose streams are recorded under this caller's name.
 *
 * @param windowBytes of each stream, as whoever listens has it; without, clients that wait are not seen
 */
export function recordAccept(accept: Accept, recording: Recording, caller: string, windowBytes?: number): Accept {
  return (exchange) => {
    const recorder = new StreamRecorder(recording, caller, exchange.path, windowBytes);
    return new RecordedSink(accept(new RecordedExchange(exchange, recorder, "server")), recorder, "server");
  };
}

class RecordedConnection implements Connection {
  readonly #connection: Connection;
  readonly #recording: Recording;
  readonly #caller: string;

  readonly #windowBytes: number;

  constructor(connection: Connection, recording: Recording, caller: string, windowBytes: number) {
    this.#windowBytes = windowBytes;
    this.#connection = connection;
    this.#recording = recording;
    this.#caller = caller;
  }

  get peer(): Peer {
    return this.#connection.peer;
  }

  get openable(): number {
    return this.#connection.openable;
  }

  open(path: string, head: HeaderBlock, sink: Sink): Exchange {
    const recorder = new StreamRecorder(this.#recording, this.#caller, path, this.#windowBytes);
    const exchange = this.#connection.open(path, head, new RecordedSink(sink, recorder, "client"));
    return new RecordedExchange(exchange, recorder, "client");
  }

  drain(): void {
    this.#connection.drain();
  }

  close(): void {
    this.#connection.close();
  }
}
