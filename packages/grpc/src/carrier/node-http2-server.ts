/** The server's side of an HTTP/2 connection on Node's own http2. */
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import { constants, performServerHandshake } from "node:http2";
import type { Socket } from "node:net";
import type { Accept, Fields, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import type { Limits } from "../h2/limits.js";
import { TokenBucket } from "../h2/token-bucket.js";
import { Http2Exchange, isGone } from "./node-http2-exchange.js";
import { Received, toNode } from "./node-http2-headers.js";
import { type KeepaliveLimits, watch } from "./node-http2-keepalive.js";
import type { ServeConnection, ServerConnection } from "./node-listener.js";
import { Turns } from "./node-turns.js";

/** The limits that node:http2 can keep; what it does past them is its own. */
export type Http2Limits = KeepaliveLimits &
  Pick<
    Limits,
    | "maxConcurrentStreams"
    | "peerResets"
    | "peerResetsPerSecond"
    | "maxHeaderListBytes"
    | "maxHeaderFields"
    | "streamWindowBytes"
    | "connectionWindowBytes"
  >;

/** Megabytes that a session may hold for streams and queued answers before node:http2 refuses new streams. */
const SESSION_MEGABYTES = 128;
/** Between looks for trailers that a slow connection holds back; node:http2 has no event for their departure. */
const TRAILERS_POLL_MS = 20;

/** Serves connections with Node's own http2. */
export function serveNode(accept: Accept, limits: Http2Limits): ServeConnection {
  return (socket, peer) => new Http2ServerConnection(socket, peer, accept, limits);
}

class Http2ServerConnection implements ServerConnection {
  readonly peer: Peer;
  readonly turns = new Turns();
  readonly #session: ServerHttp2Session;
  readonly #limits: Http2Limits;
  readonly #peerResets: TokenBucket;
  /** Requests whose stream is open or whose handler has not settled. */
  #busy = 0;

  constructor(socket: Socket, peer: Peer, accept: Accept, limits: Http2Limits) {
    this.peer = peer;
    this.#limits = limits;
    this.#peerResets = new TokenBucket(limits.peerResets, limits.peerResetsPerSecond, performance.now());
    this.#session = performServerHandshake(socket, {
      maxHeaderListPairs: limits.maxHeaderFields,
      maxSessionMemory: SESSION_MEGABYTES,
      settings: {
        initialWindowSize: limits.streamWindowBytes,
        maxConcurrentStreams: limits.maxConcurrentStreams,
        maxHeaderListSize: limits.maxHeaderListBytes,
        enablePush: false,
      },
    });
    this.#session.setLocalWindowSize(limits.connectionWindowBytes);
    // Whatever breaks a session closes its streams, and each says so.
    this.#session.on("error", () => {});
    const stopWatching = watch(
      {
        session: this.#session,
        bytesRead: () => socket.bytesRead,
        isBusy: () => this.#busy > 0,
        drain: () => this.drain(),
      },
      limits,
    );
    this.#session.on("close", stopWatching);
    this.#session.on("stream", (stream: ServerHttp2Stream, _headers: unknown, _flags: number, raw: Fields) =>
      this.#open(stream, raw, accept),
    );
  }

  drain(): void {
    this.#session.close();
  }

  close(): void {
    this.#session.destroy();
  }

  /** Whether the connection is gone. node:http2 closes the streams of a lost one with CANCEL, which says nothing. */
  get isLost(): boolean {
    return isGone(this.#session);
  }

  /** What the peer takes, but for the status. */
  get maxHeaderListBytes(): number | undefined {
    // Node gives null once the session is destroyed.
    const most = this.#session.remoteSettings?.maxHeaderListSize;
    return most === undefined ? undefined : most - STATUS_BYTES;
  }

  free(): void {
    this.#busy--;
  }

  /** The peer has reset a stream. Past its own limit for that nghttp2 only sends GOAWAY, and keeps the connection. */
  tookReset(): void {
    if (this.#peerResets.take(performance.now())) return;
    // A session that is destroyed while nghttp2 reads for it takes the process along.
    setImmediate(() => this.#session.destroy(new Error("peer_resets"), constants.NGHTTP2_ENHANCE_YOUR_CALM));
  }

  #open(stream: ServerHttp2Stream, raw: Fields, accept: Accept): void {
    if (this.#busy >= this.#limits.maxConcurrentStreams) {
      stream.on("error", () => {});
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    this.#busy++;
    const exchange = new ServerExchange(this, stream, new Received(raw));
    exchange.start(accept(exchange));
  }
}

class ServerExchange extends Http2Exchange {
  readonly #connection: Http2ServerConnection;
  readonly #stream: ServerHttp2Stream;
  #headSent = false;
  #trailers: HeaderBlock | undefined;
  #poll: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isReleased = false;
  #isGone = false;

  constructor(connection: Http2ServerConnection, stream: ServerHttp2Stream, received: Received) {
    super(connection.turns, connection.peer, {
      verb: received.pseudo(":method"),
      path: received.pseudo(":path"),
      authority: received.pseudo(":authority"),
      fields: received.fields,
    });
    this.#connection = connection;
    this.#stream = stream;
    this.attach(stream);
  }

  get maxHeaderListBytes(): number | undefined {
    return this.#connection.maxHeaderListBytes;
  }

  start(sink: Sink): void {
    this.sink = sink;
    this.receive(this.#stream);
  }

  head(block: HeaderBlock, status = 200): void {
    if (this.#headSent || this.isClosed || this.isEnded) return;
    this.#headSent = true;
    this.#respond(block, status, false);
  }

  end(trailers?: HeaderBlock): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.letFlow();
    if (!this.#headSent) {
      this.#respond(trailers ?? NO_BLOCK, 200, true);
      this.#stopRequest();
      return;
    }
    this.#trailers = trailers;
    this.outgoing.end();
    this.flushSoon();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (this.#isGone) this.#connection.free();
  }

  protected override onStreamClosed(stream: ServerHttp2Stream): void {
    clearTimeout(this.#poll);
    this.#isGone = true;
    if (this.#isReleased) this.#connection.free();
    if (!this.isClosed && !this.isEnded) this.#connection.tookReset();
    super.onStreamClosed(stream);
  }

  protected override tellEnd(): void {
    const stream = this.#stream;
    if (this.#isStopped || stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    this.peerEnded = true;
    this.sink?.end(NO_FIELDS);
  }

  protected override codeOf(stream: ServerHttp2Stream): ResetCode | undefined {
    if (stream.rstCode === constants.NGHTTP2_NO_ERROR && this.isEnded) {
      return this.peerEnded ? undefined : ResetCode.NoError;
    }
    return this.#connection.isLost ? ResetCode.ConnectionLost : stream.rstCode;
  }

  #respond(block: HeaderBlock, status: number, endStream: boolean): void {
    try {
      const headers = { ":status": status, ...toNode(block) };
      this.#stream.respond(headers, endStream ? WHOLE : STREAMED);
      if (!endStream) this.#stream.on("wantTrailers", () => this.#sendTrailers());
    } catch {
      // A field that node:http2 refuses, such as a connection-specific one, or a stream that ends in this moment.
      this.reset(ResetCode.InternalError);
    }
  }

  #sendTrailers(): void {
    try {
      this.#stream.sendTrailers(toNode(this.#trailers ?? NO_BLOCK));
      this.#stopRequest();
    } catch {
      this.reset(ResetCode.InternalError);
    }
  }

  /**
   * Resets a request that outlives its answer, once the answer has left: a reset on its way makes nghttp2 drop trailers that wait
   * before it, so this asks whether our side is closed, first when this round's writes are done.
   */
  #stopRequest(): void {
    if (!this.peerEnded) setImmediate(() => this.#stopOnceSent());
  }

  #stopOnceSent(): void {
    if (this.isClosed || this.peerEnded || this.#stream.closed) return;
    if (this.#stream.state.localClose === 1) {
      this.#isStopped = true;
      this.#stream.close(constants.NGHTTP2_NO_ERROR);
    } else {
      this.#poll = setTimeout(() => this.#stopOnceSent(), TRAILERS_POLL_MS).unref();
    }
  }
}

/** Of `:status: 200` in a list of fields. */
const STATUS_BYTES = 42;
const NO_FIELDS: Fields = [];
const WHOLE = { endStream: true, sendDate: false };
const STREAMED = { waitForTrailers: true, sendDate: false };
const NO_BLOCK: HeaderBlock = { fields: NO_FIELDS };
