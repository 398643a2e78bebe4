import type { Exchange, Fields, HeaderBlock, Peer, ResetCode, Sink } from "../exchange.js";
import { SendQueue } from "../h2/send-queue.js";
import { FIRST_CREDIT } from "./web-socket-wire.js";

/** What an exchange asks of its connection. */
export interface ExchangeHost {
  readonly peer: Peer;
  readonly authority: string;
  /** Bytes that may wait before `write()` says false. */
  readonly callBufferBytes: number;
  sendHead(exchange: WebSocketExchange, block: HeaderBlock, status: number): void;
  /** There is something to send: bytes, an end, or credit. */
  due(exchange: WebSocketExchange): void;
  sendReset(exchange: WebSocketExchange, code: ResetCode): void;
  released(exchange: WebSocketExchange): void;
}

/**
 * One call of a socket, at either end. Its sides end one by one:
 *
 *     (head ->) body -> ending -> ended      sending; ending: END waits behind what is queued
 *     (head ->) body -> ended                receiving
 *     both ended, or a reset, or the server's end -> closed
 */
export class WebSocketExchange implements Exchange {
  readonly verb = "POST";
  readonly path: string;
  readonly fields: Fields;
  /** Its number on the socket; 0: it waits for a place. */
  call = 0;
  /** Unset on the server until it was accepted. */
  sink: Sink | undefined;
  headSent: boolean;
  headReceived: boolean;
  isEnding = false;
  endSent = false;
  trailers: HeaderBlock | undefined;
  peerEnded = false;
  isClosed = false;
  code: ResetCode | undefined;
  isReleased = false;
  readonly queue = new SendQueue();
  /** What may be sent yet. */
  credit = FIRST_CREDIT;
  isBlocked = false;
  /** Milliseconds; 0: not while the peer takes bytes. */
  stalledSince = 0;
  /** What the peer may send yet. */
  window = FIRST_CREDIT;
  /** Received and not given back. */
  unread = 0;
  /** Given back, and the peer has not been told; at first what is given beyond the first credit to a peer that uses it up. */
  owed = 0;
  /** The peer is told once its window is no larger than this. */
  creditBelow = FIRST_CREDIT / 2;
  /** This message has brought it data. */
  isTouched = false;
  readonly #host: ExchangeHost;
  readonly #isServer: boolean;

  constructor(host: ExchangeHost, path: string, fields: Fields, isServer: boolean) {
    this.#host = host;
    this.path = path;
    this.fields = fields;
    this.#isServer = isServer;
    this.headSent = !isServer;
    this.headReceived = isServer;
  }

  get peer(): Peer {
    return this.#host.peer;
  }

  get authority(): string {
    return this.#host.authority;
  }

  head(block: HeaderBlock, status = 200): void {
    if (this.isClosed || this.headSent || this.isEnding) return;
    this.headSent = true;
    this.#host.sendHead(this, block, status);
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.isClosed || this.isEnding || start >= end) return !this.isBlocked;
    this.queue.push(bytes, start, end);
    if (this.queue.size >= this.#host.callBufferBytes) this.isBlocked = true;
    this.#host.due(this);
    return !this.isBlocked;
  }

  end(trailers?: HeaderBlock): void {
    if (this.isClosed || this.isEnding) return;
    this.isEnding = true;
    this.trailers = trailers;
    this.#host.due(this);
  }

  reset(code: ResetCode): void {
    if (!this.isClosed) this.#host.sendReset(this, code);
  }

  consumed(bytes: number): void {
    if (this.isClosed) return;
    const taken = Math.min(bytes, this.unread);
    this.unread -= taken;
    this.owed += taken;
    this.#host.due(this);
  }

  release(): void {
    if (this.isReleased || !this.#isServer) return;
    this.isReleased = true;
    if (this.isClosed) this.#host.released(this);
  }
}
