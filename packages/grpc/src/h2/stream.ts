import type { Exchange, Fields, HeaderBlock, Peer, ResetCode, Sink } from "../exchange.js";
import type { RequestHead } from "./message-head.js";
import type { SendQueue } from "./send-queue.js";
import type { ReceiveWindow } from "./window.js";

/** How far our side is. A client's stream begins with Body, as its head goes with it. */
export const Sending = { Head: 0, Body: 1, Ending: 2, Ended: 3 } as const;
/** How far the peer's side is. A server's stream begins with Body. */
export const Receiving = { Head: 0, Body: 1, Ended: 2 } as const;

/** Of `:status: 200` in a list of fields. */
const STATUS_BYTES = 42;

/** What a stream asks of its connection. */
export interface StreamHost {
  readonly peer: Peer;
  /** SETTINGS_MAX_HEADER_LIST_SIZE of the peer; Infinity: it has not said any. */
  readonly maxHeaderListBytes: number;
  head(stream: H2Stream, block: HeaderBlock, status: number): void;
  write(stream: H2Stream, bytes: Uint8Array, start: number, end: number): boolean;
  end(stream: H2Stream, trailers: HeaderBlock | undefined): void;
  reset(stream: H2Stream, code: ResetCode): void;
  consumed(stream: H2Stream, bytes: number): void;
  released(stream: H2Stream): void;
}

/**
 * A stream, which is its exchange: the only object that a call costs. The state is RFC 9113's (section 5.1) seen from
 * our two sides:
 *
 *     sending    Head -> Body -> Ending -> Ended     Ending: end() was called, and something still waits to leave
 *     receiving  Head -> Body -> Ended
 *     both Ended, or a reset by either side -> closed
 */
export class H2Stream implements Exchange, ReceiveWindow {
  /** 0 while a client's exchange waits for its turn. */
  id: number;
  readonly request: RequestHead;
  readonly #host: StreamHost;
  /** Undefined until `accept()` has returned. */
  sink: Sink | undefined = undefined;
  closed = false;
  /** With which code it was closed. */
  code: ResetCode | undefined = undefined;
  /** Its place among the concurrent streams goes with the stream, and not only with the handler. */
  isReleased: boolean;

  sending: number;
  sendWindow: number;
  /** What waits to leave; undefined when nothing does. */
  queue: SendQueue | undefined = undefined;
  trailers: HeaderBlock | undefined = undefined;
  /** The next in the same slot of the table. */
  chained: H2Stream | undefined = undefined;
  /** In the sender's round. */
  isReady = false;
  /** Was told by write() to wait. */
  isFull = false;
  /** When a tick first saw the queue as it is; 0: it has moved since the last tick. */
  stalledSince = 0;

  receiving: number;
  credit: number;
  owed = 0;
  /** Bytes of the body that content-length still announces, or -1. */
  announced = -1;
  /** Was brought data by the current read. */
  isTouched = false;

  constructor(host: StreamHost, request: RequestHead, id: number, server: boolean, sendWindow: number, credit: number) {
    this.#host = host;
    this.request = request;
    this.id = id;
    this.isReleased = !server;
    this.sending = server ? Sending.Head : Sending.Body;
    this.receiving = server ? Receiving.Body : Receiving.Head;
    this.sendWindow = sendWindow;
    this.credit = credit;
  }

  get verb(): string {
    return this.request.verb;
  }

  get path(): string {
    return this.request.path;
  }

  get authority(): string {
    return this.request.authority;
  }

  get fields(): Fields {
    return this.request.fields;
  }

  get peer(): Peer {
    return this.#host.peer;
  }

  /** A response's block has its status beside the fields. */
  get maxHeaderListBytes(): number {
    return this.#host.maxHeaderListBytes - STATUS_BYTES;
  }

  head(block: HeaderBlock, status = 200): void {
    if (!this.closed && this.sending === Sending.Head) this.#host.head(this, block, status);
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.closed || this.sending !== Sending.Body || start >= end) return true;
    return this.#host.write(this, bytes, start, end);
  }

  end(trailers?: HeaderBlock): void {
    if (!this.closed && this.sending < Sending.Ending) this.#host.end(this, trailers);
  }

  reset(code: ResetCode): void {
    if (!this.closed) this.#host.reset(this, code);
  }

  consumed(bytes: number): void {
    if (!this.closed) this.#host.consumed(this, bytes);
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    if (this.closed) this.#host.released(this);
  }
}
