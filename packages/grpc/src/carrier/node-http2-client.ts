/** The client's side of an HTTP/2 connection on Node's own http2. */
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { connect, constants } from "node:http2";
import type { Socket } from "node:net";
import type { Connection, ConnectionEvents, Exchange, Fields, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import type { Limits } from "../h2/limits.js";
import type { SpeakHttp2 } from "./node-connect.js";
import { lostError } from "./node-error.js";
import { Http2Exchange, isGone } from "./node-http2-exchange.js";
import { type HeadersListener, Received, toNode } from "./node-http2-headers.js";
import { type KeepaliveLimits, watch } from "./node-http2-keepalive.js";
import { Turns } from "./node-turns.js";
import { unansweredError } from "./node-unanswered.js";

/** The limits that node:http2 can keep. */
export type Http2ClientLimits = KeepaliveLimits &
  Pick<
    Limits,
    "maxHeaderListBytes" | "maxHeaderFields" | "maxInterimResponses" | "streamWindowBytes" | "connectionWindowBytes"
  >;

/** Speaks HTTP/2 with Node's own http2. */
export function connectNode(limits: Http2ClientLimits): SpeakHttp2 {
  return (socket, peer, events, authority) =>
    new Promise((resolve, reject) => {
      const connection: Connection = new Http2ClientConnection(socket, peer, limits, authority, {
        ready: () => resolve(connection),
        failed: reject,
        openable: () => events.openable(),
        draining: () => events.draining(),
        closed: (reason) => events.closed(reason),
      });
    });
}

interface ClientEvents extends ConnectionEvents {
  /** The server's first SETTINGS have come. */
  ready(): void;
  /** The connection closed before. */
  failed(reason: Error): void;
}

class Http2ClientConnection implements Connection {
  readonly peer: Peer;
  readonly authority: string;
  readonly maxInterimResponses: number;
  readonly turns = new Turns();
  readonly #events: ClientEvents;
  readonly #session: ClientHttp2Session;
  readonly #waiting = new Set<ClientExchange>();
  #open = 0;
  /** SETTINGS_MAX_CONCURRENT_STREAMS of the server. */
  #maxOpen = 0;
  #isReady = false;
  #isDraining = false;
  #lastStreamId = Number.POSITIVE_INFINITY;
  #error: Error | undefined;

  constructor(socket: Socket, peer: Peer, limits: Http2ClientLimits, authority: string, events: ClientEvents) {
    this.peer = peer;
    this.authority = authority;
    this.maxInterimResponses = limits.maxInterimResponses;
    this.#events = events;
    const session = connect(ANY_URL, {
      createConnection: () => socket,
      maxHeaderListPairs: limits.maxHeaderFields,
      maxSendHeaderBlockLength: MAX_SENT_HEADER_BYTES,
      settings: {
        initialWindowSize: limits.streamWindowBytes,
        maxHeaderListSize: limits.maxHeaderListBytes,
        enablePush: false,
      },
    });
    this.#session = session;
    session.on("connect", () => session.setLocalWindowSize(limits.connectionWindowBytes));
    session.on("remoteSettings", (settings) => this.#settle(settings.maxConcurrentStreams ?? UNLIMITED));
    session.on("goaway", (_code, lastStreamId) => this.#goAway(lastStreamId));
    session.on("error", (error) => {
      this.#error = error;
    });
    const stopWatching = watch(
      {
        session,
        bytesRead: () => socket.bytesRead,
        isBusy: () => this.#open > 0,
        drain: () => this.#rest(),
      },
      limits,
    );
    session.on("close", () => {
      stopWatching();
      this.#close();
    });
  }

  get openable(): number {
    return this.#isDraining ? 0 : Math.max(0, this.#maxOpen - this.#open - this.#waiting.size);
  }

  open(path: string, head: HeaderBlock, sink: Sink, verb = "POST"): Exchange {
    const exchange = new ClientExchange(this, path, head, sink, verb);
    if (this.#isDraining) exchange.reset(ResetCode.RefusedStream);
    else if (this.#open < this.#maxOpen) this.#start(exchange);
    else this.#waiting.add(exchange);
    return exchange;
  }

  drain(): void {
    this.#isDraining = true;
    this.#closeIfDone();
  }

  close(): void {
    this.#isDraining = true;
    this.#refuseWaiting();
    this.#session.destroy();
  }

  /** How a stream ended that the session took along. */
  lossOf(streamId: number): ResetCode | undefined {
    if (!isGone(this.#session)) return undefined;
    return streamId > this.#lastStreamId ? ResetCode.RefusedStream : ResetCode.ConnectionLost;
  }

  /** An exchange has closed: on the wire, or before it ever left. */
  ended(exchange: ClientExchange, hadLeft: boolean): void {
    const wasFull = this.openable === 0;
    if (!hadLeft) this.#waiting.delete(exchange);
    else if (--this.#open === 0) this.#session.unref();
    this.#startWaiting();
    if (wasFull && this.openable > 0) this.#events.openable();
    this.#closeIfDone();
  }

  request(headers: Record<string, string | string[] | number | undefined>): ClientHttp2Stream {
    return this.#session.request(headers, { endStream: false });
  }

  #start(exchange: ClientExchange): void {
    // A connection that nobody uses does not keep the process alive.
    if (this.#open++ === 0) this.#session.ref();
    exchange.start();
  }

  #startWaiting(): void {
    for (const exchange of this.#waiting) {
      if (this.#open >= this.#maxOpen) return;
      this.#waiting.delete(exchange);
      this.#start(exchange);
    }
  }

  #settle(maxConcurrentStreams: number): void {
    const wasFull = this.openable === 0;
    this.#maxOpen = maxConcurrentStreams;
    this.#startWaiting();
    if (!this.#isReady) {
      this.#isReady = true;
      this.#session.unref();
      this.#events.ready();
    } else if (wasFull && this.openable > 0) {
      this.#events.openable();
    }
  }

  #goAway(lastStreamId: number): void {
    this.#lastStreamId = lastStreamId;
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#refuseWaiting();
    this.#events.draining();
  }

  /** Nobody has used it for long: the next call gets another. */
  #rest(): void {
    if (this.#isDraining) return;
    this.#events.draining();
    this.drain();
  }

  #refuseWaiting(): void {
    for (const exchange of this.#waiting) exchange.reset(ResetCode.RefusedStream);
    this.#waiting.clear();
  }

  #closeIfDone(): void {
    if (this.#isDraining && this.#open === 0 && this.#waiting.size === 0) this.#session.close();
  }

  #close(): void {
    const asked = this.#isDraining && this.#error === undefined;
    this.#isDraining = true;
    this.#refuseWaiting();
    if (!this.#isReady) this.#events.failed(unansweredError(this.peer, { error: this.#error }));
    else this.#events.closed(asked ? undefined : lostError(this.peer.address, this.#error));
  }
}

class ClientExchange extends Http2Exchange {
  readonly #connection: Http2ClientConnection;
  readonly #block: HeaderBlock;
  /** Whether this counts among the open ones: it has left, or tried to. */
  #hasLeft = false;
  /** Those of the response's head too, if it is nothing else. */
  #trailers: Fields | undefined;

  constructor(connection: Http2ClientConnection, path: string, block: HeaderBlock, sink: Sink, verb: string) {
    super(connection.turns, connection.peer, {
      verb,
      path,
      authority: connection.authority,
      fields: block.fields,
    });
    this.#connection = connection;
    this.#block = block;
    this.sink = sink;
  }

  /** Sends the head, and what was written meanwhile. */
  start(): void {
    this.#hasLeft = true;
    try {
      const stream = this.#connection.request({
        ":method": this.verb,
        ":scheme": this.peer.secure ? "https" : "http",
        ":authority": this.authority,
        ":path": this.path,
        ...toNode(this.#block),
      });
      this.attach(stream);
      const onResponse: HeadersListener = (_headers, flags, raw) => this.#respond(stream, flags, raw);
      const onTrailers: HeadersListener = (_headers, _flags, raw) => {
        this.#trailers = new Received(raw).fields;
      };
      let interim = 0;
      stream.on("headers", () => {
        if (++interim > this.#connection.maxInterimResponses) this.reset(ResetCode.EnhanceYourCalm);
      });
      stream.on("response", onResponse);
      stream.on("trailers", onTrailers);
      this.flushSoon();
    } catch {
      // A field that node:http2 refuses, such as a connection-specific one, or a session that has closed in this moment.
      this.reset(this.#connection.openable > 0 ? ResetCode.InternalError : ResetCode.RefusedStream);
    }
  }

  /** The head has gone with open(). */
  head(): void {}

  end(): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.outgoing.end();
    this.flushSoon();
  }

  override reset(code: ResetCode): void {
    if (this.isClosed) return;
    super.reset(code);
    if (this.stream === undefined) queueMicrotask(() => this.#connection.ended(this, this.#hasLeft));
  }

  /** The client keeps no slot beyond the stream. */
  release(): void {}

  /** node:http2 ends a side that is open before it resets the stream, unless a write is on its way: the request would look whole. */
  protected override cut(code: ResetCode): void {
    if (this.stream?.writableEnded === false) this.stream.write(EMPTY);
    super.cut(code);
  }

  protected override onStreamClosed(stream: ClientHttp2Stream): void {
    super.onStreamClosed(stream);
    this.#connection.ended(this, true);
  }

  protected override tellEnd(): void {
    const { stream } = this;
    const trailers = this.#trailers;
    // Without trailers only the code tells an end from a stream that was cut.
    if (
      trailers === undefined &&
      (stream === undefined || stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR)
    )
      return;
    this.peerEnded = true;
    this.sink?.end(trailers ?? NO_FIELDS);
  }

  protected override codeOf(stream: ClientHttp2Stream): ResetCode | undefined {
    if (!this.peerEnded) return this.#connection.lossOf(stream.id ?? 0) ?? stream.rstCode;
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR && this.isEnded && !stream.aborted) return undefined;
    return stream.rstCode;
  }

  #respond(stream: ClientHttp2Stream, flags: number, raw: Fields): void {
    if (this.isClosed) return;
    const received = new Received(raw);
    if (flags & constants.NGHTTP2_FLAG_END_STREAM) this.#trailers = received.fields;
    this.sink?.head(Number(received.pseudo(":status")), received.fields);
    if (!this.isClosed) this.receive(stream);
  }
}

const NO_FIELDS: Fields = [];
const EMPTY = new Uint8Array(0);
/** Each request names its authority. */
const ANY_URL = "http://localhost";
/** RFC 9113 sets no limit on what is sent: the peer says what it takes. This one only ends what is a mistake. */
const MAX_SENT_HEADER_BYTES = 1_048_576;
/** Without the setting "there is no limit": RFC 9113, section 6.5.2. This is its largest value. */
const UNLIMITED = 0xffff_ffff;
