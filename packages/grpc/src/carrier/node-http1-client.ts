/** The client's side of HTTP/1.1 on Node's own http: as many sockets to one place as there are exchanges at a time, kept for the next. */
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Connection, ConnectionEvents, Exchange, Fields, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import type { Limits } from "../h2/limits.js";
import { lostError } from "./node-error.js";
import { NodeExchange } from "./node-exchange.js";
import { fieldsOf } from "./node-http1-fields.js";
import { Turns } from "./node-turns.js";

/** Sockets to one place at a time; exchanges beyond wait in order. */
const MOST_SOCKETS = 100;

/** The limits that node:http can keep for a client. */
export type Http1ClientLimits = Pick<
  Limits,
  "maxHeaderListBytes" | "maxHeaderFields" | "maxInterimResponses" | "idleMs"
>;

export interface Http1ClientOptions {
  readonly peer: Peer;
  readonly authority: string;
  readonly limits: Http1ClientLimits;
  readonly events: ConnectionEvents;
  /** A socket that is connected already, which proves that somebody answers. */
  readonly first: Socket;
  /** Connects another one. */
  open(): Promise<Socket>;
}

/** All sockets to one place. */
export class Http1ClientConnection implements Connection {
  readonly peer: Peer;
  readonly authority: string;
  readonly limits: Http1ClientLimits;
  readonly turns = new Turns();
  readonly agent: Agent;
  readonly #events: ConnectionEvents;
  readonly #open = new Set<Http1ClientExchange>();
  #isDraining = false;
  #isClosed = false;

  constructor({ peer, authority, limits, events, first, open }: Http1ClientOptions) {
    this.peer = peer;
    this.authority = authority;
    this.limits = limits;
    this.#events = events;
    this.agent = new SocketAgent(first, open, limits.idleMs);
  }

  get openable(): number {
    return this.#isDraining ? 0 : Math.max(0, MOST_SOCKETS - this.#open.size);
  }

  open(path: string, head: HeaderBlock, sink: Sink, verb = "POST"): Exchange {
    const exchange = new Http1ClientExchange(
      this,
      { verb, path, authority: this.authority, fields: head.fields },
      sink,
    );
    if (this.#isDraining) {
      exchange.reset(ResetCode.RefusedStream);
    } else {
      this.#open.add(exchange);
      exchange.start();
    }
    return exchange;
  }

  drain(): void {
    this.#isDraining = true;
    this.#closeIfDone();
  }

  close(): void {
    this.#isDraining = true;
    for (const exchange of this.#open) exchange.lose();
    this.#closeIfDone();
  }

  /** A socket was lost or could not be had: whether anybody is there is for the next connection to find out. */
  doubt(): void {
    if (this.#isDraining) return;
    this.#events.draining();
    this.drain();
  }

  ended(exchange: Http1ClientExchange): void {
    const wasFull = this.openable === 0;
    this.#open.delete(exchange);
    if (wasFull && this.openable > 0) this.#events.openable();
    this.#closeIfDone();
  }

  #closeIfDone(): void {
    if (!this.#isDraining || this.#open.size > 0 || this.#isClosed) return;
    this.#isClosed = true;
    this.agent.destroy();
    queueMicrotask(() => this.#events.closed(undefined));
  }
}

/** Node's agent, with sockets that were opened as all others of this runtime are. */
class SocketAgent extends Agent {
  #first: Socket | undefined;
  readonly #openSocket: () => Promise<Socket>;

  constructor(first: Socket, open: () => Promise<Socket>, idleMs: number) {
    super({ keepAlive: true, maxSockets: MOST_SOCKETS, ...(idleMs > 0 && { timeout: idleMs }) });
    this.#first = first;
    this.#openSocket = open;
    // One that nobody uses does not keep the process alive; Node sees to the others.
    first.unref();
    first.once("close", () => {
      this.#first = undefined;
    });
  }

  override createConnection(_options: unknown, created?: (error: Error | null, socket: Duplex) => void): undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && !first.destroyed) {
      first.ref();
      created?.(null, first);
      return;
    }
    this.#openSocket().then(
      (socket) => created?.(null, socket),
      // Node's own type wants a socket beside the error.
      (error: Error) => (created as ((error: Error) => void) | undefined)?.(error),
    );
  }

  override destroy(): void {
    this.#first?.destroy();
    super.destroy();
  }
}

class Http1ClientExchange extends NodeExchange {
  readonly #connection: Http1ClientConnection;
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #interim = 0;
  /** Whether the server may have seen something of this. */
  #hasLeft = false;
  #head: Fields = NO_FIELDS;
  #hasBody = false;

  constructor(
    connection: Http1ClientConnection,
    about: { verb: string; path: string; authority: string; fields: Fields },
    sink: Sink,
  ) {
    super(connection.turns, connection.peer, about);
    this.#connection = connection;
    this.sink = sink;
  }

  start(): void {
    this.flushSoon();
  }

  /** The head has its time with what is written in the turn of `open()`. */
  head(): void {}

  /** The client keeps no slot beyond the exchange. */
  release(): void {}

  end(): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.outgoing.end();
    this.flushSoon();
  }

  override flush(): void {
    if (!this.isClosed && this.#request === undefined) this.#send();
    super.flush();
  }

  /** What carries this is closed from here. */
  lose(): void {
    this.reset(this.#hasLeft ? ResetCode.ConnectionLost : ResetCode.RefusedStream);
  }

  protected override cut(): void {
    this.#request?.destroy();
    this.#connection.ended(this);
  }

  protected override tellEnd(): void {
    const response = this.#response;
    if (response === undefined || !response.complete) return;
    this.peerEnded = true;
    const trailers = fieldsOf(response.rawTrailers);
    this.sink?.end(trailers.length === 0 && !this.#hasBody ? this.#head : trailers);
    if (this.#request?.writableFinished === true) this.#over(undefined);
    // The server takes no more of the request.
    else if (response.headers.connection === "close") this.#over(ResetCode.NoError);
  }

  #send(): void {
    const { agent, authority, limits } = this.#connection;
    try {
      const headers = ["host", authority, ...this.fields, ...this.#framing];
      const sent = request({
        agent,
        method: this.verb,
        path: this.path,
        // Node sends a list as it is; its types know only the object.
        headers: headers as unknown as Record<string, string>,
        setHost: false,
        maxHeaderSize: limits.maxHeaderListBytes,
      });
      sent.maxHeadersCount = limits.maxHeaderFields;
      sent.on("socket", () => {
        this.#hasLeft = true;
      });
      sent.on("response", (response) => this.#respond(response));
      sent.on("information", () => {
        if (++this.#interim > limits.maxInterimResponses) this.reset(ResetCode.EnhanceYourCalm);
      });
      sent.on("error", (error) => this.#onGone(error));
      sent.on("close", () => this.#onGone());
      this.#request = sent;
      this.outgoing.attach(sent);
      if (!this.isEnded && this.outgoing.queued === 0) sent.flushHeaders();
    } catch {
      // A field that Node refuses.
      this.reset(ResetCode.InternalError);
    }
  }

  /** How the body is delimited: by its length, if all of it is known by now. */
  get #framing(): string[] {
    if (!this.isEnded) return ["transfer-encoding", "chunked"];
    return this.verb === "GET" ? [] : ["content-length", String(this.outgoing.queued)];
  }

  #respond(response: IncomingMessage): void {
    if (this.isClosed) return;
    this.#response = response;
    this.#head = withoutLength(fieldsOf(response.rawHeaders));
    // A close always follows.
    response.on("error", () => {});
    response.once("data", () => {
      this.#hasBody = true;
    });
    this.sink?.head(response.statusCode ?? 0, this.#head);
    if (!this.isClosed) this.receive(response);
  }

  #onGone(error?: Error): void {
    if (this.isClosed) return;
    if (this.peerEnded) {
      this.#over(this.#request?.writableFinished === true ? undefined : ResetCode.NoError);
    } else {
      this.#connection.doubt();
      const { address } = this.peer;
      if (this.#hasLeft) this.#over(ResetCode.ConnectionLost, lostError(address, error));
      else this.#over(ResetCode.RefusedStream);
    }
  }

  #over(code: ResetCode | undefined, reason?: Error): void {
    if (this.isClosed) return;
    if (code !== undefined) this.#request?.destroy();
    this.close(code, reason);
    this.#connection.ended(this);
  }
}

/** How the body is delimited ends at the seam. */
function withoutLength(fields: Fields): Fields {
  return fields.filter((_, i) => fields[i - (i % 2)] !== "content-length");
}

const NO_FIELDS: Fields = [];
