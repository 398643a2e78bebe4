/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The seam between network and calls. Below it engines speak HTTP/2 (or something else) and know no calls; above it calls
 * know no network. Everything here is synchronous: what one read of the network brought is worked off before the next.
 */

/** Header fields as they came: name, value, name, value; names in lower case. Never a Headers object. */
export type Fields = readonly string[];

/**
 * Fields to send, without pseudo-header fields. Blocks that never change are made once; an engine may keep its encoded form
 * in `encoded`. Nothing may change once the block was sent.
 */
export interface HeaderBlock {
  readonly fields: Fields;
  /** The engine's own. */
  encoded?: unknown;
}

/**
 * Why an exchange ended early: the error codes of RFC 9113, section 7, and one of ours for what has no frame.
 * Other carriers map them: HTTP/1.1 destroys the socket, WebSocket sends a close code.
 */
export const ResetCode = {
  /** The connection is gone. It is unknown how far the peer got. */
  ConnectionLost: -1,
  /** The server ended its response before the request had ended, and stopped the rest of it. */
  NoError: 0,
  ProtocolError: 1,
  InternalError: 2,
  FlowControlError: 3,
  StreamClosed: 5,
  FrameSizeError: 6,
  /** The peer has done nothing for this exchange: it may be tried again. */
  RefusedStream: 7,
  Cancel: 8,
  EnhanceYourCalm: 11,
  InadequateSecurity: 12,
} as const;
/** One of {@link ResetCode}, or another code that a peer made up. */
export type ResetCode = number;

/** The other side. One per connection, shared by its exchanges. */
export interface Peer {
  readonly carrier: "h2" | "http1" | "websocket" | "fetch" | "memory";
  /** `host:port`, a path for Unix sockets, or "memory". */
  readonly address: string;
  /** Whether the bytes travel over TLS. */
  readonly secure: boolean;
  /** The certificate that the peer proved to hold, as the carrier's TLS library gives it; undefined without one. */
  certificate(): unknown;
}

/**
 * One request and its response. The runtime calls it. No call throws or waits; after `closed()` all do nothing.
 *
 * On the server: `head? write* end | reset`. On the client the head has gone with `open()`: `write* end | reset`.
 */
export interface Exchange {
  /** The request's method: POST, or GET for a call that a cache may answer. */
  readonly verb: string;
  /** The request's path with its query: /package.Service/Method. */
  readonly path: string;
  /** The host that the client asked for (:authority), or "". */
  readonly authority: string;
  /** The request's header fields, without pseudo-header fields. */
  readonly fields: Fields;
  readonly peer: Peer;
  /** The most bytes that the peer takes of a header block, each field counted with 32 more (RFC 9113, 6.5.2); absent: any. */
  readonly maxHeaderListBytes?: number | undefined;
  /**
   * Sends the response's status (default 200) and header fields. At most once, before the first write. They leave with this
   * turn even if nothing else is written: clients wait for them before their first message.
   */
  head(block: HeaderBlock, status?: number): void;
  /**
   * Sends bytes[start, end) of the body. They are kept, not always copied, so they must not change afterwards. What is written
   * in one turn leaves together, and ranges that follow each other in the same bytes leave as one.
   *
   * @returns false if more is queued than should be: write no more until `writable()`
   */
  write(bytes: Uint8Array, start: number, end: number): boolean;
  /**
   * Ends this side: on the server with trailers (without a `head()` before, they go as the only header block, status 200), on
   * the client without. What is queued still leaves, but `writable()` comes no more. A server that ends before the request has
   * ended also stops the request, once the trailers have left: RST_STREAM(NO_ERROR), or else clients that are still writing never
   * read the answer.
   */
  end(trailers?: HeaderBlock): void;
  /** Ends both sides at once. What is queued is dropped; what was not given back by `consumed()` counts as given back. */
  reset(code: ResetCode): void;
  /** Gives receive window back for bytes that `data()` brought. Once a batch, not once a message. */
  consumed(bytes: number): void;
  /** On the server, after `closed()`: the handler has settled, and its slot among the concurrent streams is free. */
  release(): void;
}

/**
 * What an engine calls. It must not throw, and may call the exchange back at once. Nothing is called before `open()` or
 * `accept()` has returned, nor from within `write()`; `closed()` may come from within `end()` or `reset()`.
 *
 * On the client: `(head (data+ turn)* (data* end)?)? closed`. On the server: `(data+ turn)* (data* end)? closed`.
 * `writable` comes anywhere before `closed`. A read that brings data and the end of the body brings no turn: the end stands
 * for it. Order among exchanges of one read is free.
 */
export interface Sink {
  /** Client side: the response's status and header fields. Interim responses (1xx) stay below the seam. */
  head(status: number, fields: Fields): void;
  /** bytes[start, end) of the body, once a frame. They are not overwritten, unless `turn()` or `end()` allows that. */
  data(bytes: Uint8Array, start: number, end: number): void;
  /**
   * Once a read of the network that brought this exchange data, after the last of it.
   *
   * @returns true if nobody looks at what the read brought any more, so that its bytes may be overwritten; all else: somebody may
   */
  turn(): unknown;
  /**
   * The peer has ended its side. On the client with its trailers, or none; a response that is nothing but one header block
   * brings the very array that `head()` had. On the server always without.
   *
   * @returns as `turn()` does
   */
  end(trailers: Fields): unknown;
  /** Once after `write()` said false, however often: there is room again. */
  writable(): void;
  /**
   * The last call, exactly once: both sides have ended. undefined: each by itself, with all bytes delivered. After a reset, what
   * had arrived but was not brought yet is dropped.
   *
   * @param reason for the user, if the carrier knows more than the code says
   */
  closed(code: ResetCode | undefined, reason?: Error): void;
}

/**
 * The server's side of every carrier: makes the sink of a new exchange. The exchange may be used before this returns: a
 * request that is wrong from its head on is answered in here.
 */
export type Accept = (exchange: Exchange) => Sink;

/** A client's connection. */
export interface Connection {
  readonly peer: Peer;
  /**
   * Opens an exchange. Beyond what the peer allows at a time it waits in here, in order, and may be written already. If it never
   * leaves, it closes with RefusedStream; with EnhanceYourCalm and a reason, if the peer takes no head as large as this one.
   *
   * @param path the same path for the same block, always, and the same verb: engines keep all in one encoded form
   * @param verb the request's method. Default POST
   */
  open(path: string, head: HeaderBlock, sink: Sink, verb?: string): Exchange;
  /** How many exchanges more the peer takes at once now; 0 when draining or closed. */
  readonly openable: number;
  /** Takes no more exchanges, and closes when the last has ended. */
  drain(): void;
  /** Closes at once: exchanges close with ConnectionLost. */
  close(): void;
}

/** What a connection tells whoever opened it. */
export interface ConnectionEvents {
  /** `openable` has become more than 0. */
  openable(): void;
  /** No more exchanges are taken, as the peer wants (GOAWAY) or because the connection has been idle or is old. Open ones go on. */
  draining(): void;
  /** The last call, exactly once. undefined: closed because we drained it. */
  closed(reason: Error | undefined): void;
}

/** Where a client gets its connections from. Reconnecting and balancing happen behind it. */
export interface Transport extends AsyncDisposable {
  /** The protocol that calls over this transport speak: "grpc", "grpc-web" or "connect". */
  readonly protocolName: string;
  /** Why requests cannot be streams over it, for the user. Absent: they can. */
  readonly noRequestStreams?: string;
  /**
   * A connection that takes an exchange, at once if there is one.
   *
   * @param waitForReady wait however long connecting takes, instead of failing with the first failed attempt
   * @throws {Error} if connecting failed; its message is for the user
   */
  connection(waitForReady: boolean): Connection | Promise<Connection>;
}
