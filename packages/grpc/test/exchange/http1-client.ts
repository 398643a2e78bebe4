/** A client of HTTP/1.1 on Node's own http, as plain as can be, for the suite's other side: a connection for each exchange at a time. */
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { NodeExchange } from "../../src/carrier/node-exchange.js";
import { fieldsOf } from "../../src/carrier/node-http1-fields.js";
import { Turns } from "../../src/carrier/node-turns.js";
import {
  type Connection,
  type Exchange,
  type Fields,
  type HeaderBlock,
  type Peer,
  ResetCode,
  type Sink,
} from "../../src/exchange.js";

export class Http1Client implements Connection {
  readonly peer: Peer;
  openable = 1000;
  readonly agent = new Agent({ keepAlive: true });
  readonly turns = new Turns();
  readonly port: number;
  readonly #open = new Set<ClientExchange>();
  readonly #closed: () => void;

  constructor(address: string, closed: () => void = () => {}) {
    this.#closed = closed;
    this.peer = { carrier: "http1", address, secure: false, certificate: () => undefined };
    this.port = Number(address.split(":")[1]);
  }

  open(path: string, head: HeaderBlock, sink: Sink): Exchange {
    const exchange = new ClientExchange(this, path, head, sink);
    this.#open.add(exchange);
    return exchange;
  }

  ended(exchange: ClientExchange): void {
    this.#open.delete(exchange);
  }

  drain(): void {}

  /** Cuts what exchanges travel on. */
  close(): void {
    this.openable = 0;
    for (const exchange of this.#open) exchange.cut();
    this.agent.destroy();
    this.#closed();
  }
}

class ClientExchange extends NodeExchange {
  readonly #client: Http1Client;
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;

  constructor(client: Http1Client, path: string, head: HeaderBlock, sink: Sink) {
    super(client.turns, client.peer, { verb: "POST", path, authority: client.peer.address, fields: head.fields });
    this.#client = client;
    this.sink = sink;
    const headers = ["host", client.peer.address, "transfer-encoding", "chunked", ...head.fields];
    this.#request = request({ agent: client.agent, port: client.port, method: "POST", path, headers });
    this.#request.on("response", (response) => this.#respond(response));
    this.#request.on("error", () => this.#onGone());
    this.#request.on("close", () => this.#onGone());
    this.#request.flushHeaders();
    this.outgoing.attach(this.#request);
  }

  head(): void {}
  release(): void {}

  end(): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.outgoing.end();
    this.flushSoon();
  }

  override cut(): void {
    this.#request.destroy();
  }

  protected override tellEnd(): void {
    const response = this.#response;
    if (response === undefined || !response.complete) return;
    this.peerEnded = true;
    const trailers = fieldsOf(response.rawTrailers);
    this.sink?.end(trailers.length === 0 && this.#isBare ? this.#fields : trailers);
    if (this.#request.writableFinished) this.#onGone();
    // The server wants no more of the request.
    else if (response.headers.connection === "close") this.#over(ResetCode.NoError);
  }

  #fields: Fields = [];
  #isBare = true;

  #respond(response: IncomingMessage): void {
    if (this.isClosed) return;
    this.#response = response;
    this.#fields = fieldsOf(response.rawHeaders).filter((_, i, all) => all[i - (i % 2)] !== "content-length");
    response.on("error", () => {});
    response.once("data", () => {
      this.#isBare = false;
    });
    this.sink?.head(response.statusCode ?? 0, this.#fields);
    if (!this.isClosed) this.receive(response);
  }

  #onGone(): void {
    if (this.peerEnded) this.#over(this.#request.writableFinished ? undefined : ResetCode.NoError);
    else this.#over(ResetCode.ConnectionLost);
  }

  #over(code: number | undefined): void {
    this.#client.ended(this);
    if (code !== undefined) this.#request.destroy();
    this.close(code);
  }
}
