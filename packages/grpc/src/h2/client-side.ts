import {
  type ConnectionEvents,
  type Exchange,
  type Fields,
  type HeaderBlock,
  ResetCode,
  type Sink,
} from "../exchange.js";
import { listBytesOf } from "../fields.js";
import { Fifo } from "./fifo.js";
import type { DecodedBlock } from "./hpack/block-cache.js";
import { areTrailers, RequestHead, ResponseHead, readResponse } from "./message-head.js";
import type { Role } from "./role.js";
import type { Sender } from "./sender.js";
import type { PeerSettings } from "./settings.js";
import { type H2Stream, Receiving, Sending } from "./stream.js";
import type { Streams } from "./streams.js";
import { Violation } from "./violation.js";
import { MAX_31 } from "./wire.js";

/** What a server is taken to allow until its SETTINGS have come. golang's. */
const FIRST_MAX_STREAMS = 100;

/** What a client does beyond what both sides do: opens streams, in order, as the server allows, and reads responses. */
export class ClientSide implements Role {
  readonly isServer = false;
  /** Servers open no streams: we allow no push. */
  readonly lastStream = 0;
  /** The server, or we, want no more streams. */
  #isStopped = false;
  /** Why, if it was the server. */
  #goAway: Error | undefined = undefined;
  readonly #streams: Streams;
  readonly #sender: Sender;
  readonly #events: ConnectionEvents;
  readonly #authority: string;
  readonly #scheme: string;
  #maxStreams = FIRST_MAX_STREAMS;
  #nextId = 1;
  readonly #waiting = new Fifo<Waiting>();
  #wasOpenable = true;
  /** What will not leave is told so with the next flush, as nothing is called before `open()` has returned. */
  #late: Late[] = [];
  // Calls of one method share a head.
  #lastBlock: HeaderBlock | undefined = undefined;
  #lastHead = new RequestHead("", "", "", [], -1);
  #lastPseudo: Fields = [];
  #lastBytes = 0;

  /** Few streams have any. */
  readonly #interimResponses = new WeakMap<H2Stream, number>();
  readonly #maxInterimResponses: number;

  constructor(
    streams: Streams,
    sender: Sender,
    events: ConnectionEvents,
    request: { readonly authority: string; readonly scheme: string; readonly maxInterimResponses: number },
  ) {
    this.#streams = streams;
    this.#sender = sender;
    this.#events = events;
    this.#authority = request.authority;
    this.#scheme = request.scheme;
    this.#maxInterimResponses = request.maxInterimResponses;
  }

  /** See `Connection.openable`. */
  get openable(): number {
    return this.#isStopped ? 0 : Math.max(0, this.#maxStreams - this.#streams.taken - this.#waiting.length);
  }

  get isDone(): boolean {
    return this.#isStopped && this.#streams.size === 0 && this.#late.length === 0;
  }

  /** See `Connection.open`. */
  open(path: string, block: HeaderBlock, sink: Sink, verb = "POST"): Exchange {
    if (block !== this.#lastBlock || path !== this.#lastHead.path) this.#read(path, block, verb);
    const stream = this.#streams.create(this.#lastHead, 0);
    stream.sink = sink;
    if (this.#isStopped) {
      this.#fail({ stream, code: ResetCode.RefusedStream });
    } else if (this.#lastBytes > this.#streams.maxHeaderListBytes) {
      const text = `the request's header fields take ${this.#lastBytes} bytes, and the server takes no more than`;
      const reason = new Error(`${text} ${this.#streams.maxHeaderListBytes}: send less metadata`);
      this.#fail({ stream, code: ResetCode.EnhanceYourCalm, reason });
    } else if (this.openable > 0) {
      this.#leave(stream, block, this.#lastPseudo);
    } else {
      this.#waiting.push({ stream, block, pseudo: this.#lastPseudo });
    }
    this.#wasOpenable = this.openable > 0;
    return stream;
  }

  freed(): void {
    while (!this.#isStopped && this.#streams.taken < this.#maxStreams) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      if (!next.stream.closed) this.#leave(next.stream, next.block, next.pseudo);
    }
    const isOpenable = this.openable > 0;
    const hasBecome = isOpenable && !this.#wasOpenable;
    this.#wasOpenable = isOpenable;
    if (hasBecome) this.#events.openable();
  }

  settings(settings: PeerSettings): void {
    this.#maxStreams = settings.maxConcurrentStreams ?? MAX_31;
    this.freed();
  }

  goAway(lastStream: number): void {
    const isFirst = this.#goAway === undefined;
    this.#goAway ??= new Error("The server goes away (GOAWAY)");
    this.stop();
    for (const stream of this.#streams.all()) {
      if (stream.id > lastStream) this.#streams.close(stream, ResetCode.RefusedStream);
    }
    if (isFirst) this.#events.draining();
  }

  /** Stops of our own accord, which whoever gives out this connection has to know. */
  rest(): void {
    if (this.#isStopped) return;
    this.stop();
    this.#events.draining();
  }

  /** What has not left will not. */
  stop(): void {
    this.#isStopped = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#late.push({ stream: next.stream, code: ResetCode.RefusedStream });
    }
    this.#sender.wake();
  }

  catchUp(): void {
    if (this.#late.length === 0) return;
    const late = this.#late;
    this.#late = [];
    for (const { stream, code, reason } of late) this.#streams.close(stream, code, reason);
  }

  over(reason: Error | undefined): void {
    this.catchUp();
    this.#events.closed(reason ?? this.#goAway);
  }

  isIdle(id: number): boolean {
    return id % 2 === 0 || id >= this.#nextId;
  }

  block(id: number, endStream: boolean, block: DecodedBlock, violation: Violation | undefined): Violation | undefined {
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      // Ignored, as golang does, for all streams that are gone: grpc-java sends trailers after its own RST_STREAM, and the calls beside
      // that one have done nothing wrong.
      return this.isIdle(id) ? Violation.IdleStream : undefined;
    }
    if (violation === undefined) violation = this.#respond(stream, endStream, block);
    if (violation !== undefined) this.#streams.refuse(stream, violation);
    return undefined;
  }

  /** @returns what ends the stream */
  #respond(stream: H2Stream, endStream: boolean, block: DecodedBlock): Violation | undefined {
    if (stream.receiving === Receiving.Ended) return Violation.ClosedStream;
    if (block.oversize) return Violation.HeaderList;
    if (block.malformed !== undefined) return Violation.MalformedFields;
    if (stream.receiving === Receiving.Body) {
      if (!endStream || !areTrailers(block.fields)) return Violation.MalformedTrailers;
      this.#streams.receivingEnded(stream, block.fields);
      return undefined;
    }
    let head = block.memo instanceof ResponseHead ? block.memo : undefined;
    if (head === undefined) {
      head = readResponse(block.fields);
      block.memo = head;
    }
    if (head === undefined || head.status === SWITCHING_PROTOCOLS) return Violation.MalformedResponse;
    if (head.status < 200) return endStream ? Violation.MalformedResponse : this.#interim(stream);
    stream.receiving = Receiving.Body;
    stream.announced = stream.verb === "HEAD" ? -1 : head.contentLength;
    stream.sink?.head(head.status, head.fields);
    if (endStream && !stream.closed) this.#streams.receivingEnded(stream, head.fields);
    return undefined;
  }

  /** Counts an interim response. */
  #interim(stream: H2Stream): Violation | undefined {
    const count = (this.#interimResponses.get(stream) ?? 0) + 1;
    this.#interimResponses.set(stream, count);
    return count > this.#maxInterimResponses ? Violation.InterimResponses : undefined;
  }

  #fail(late: Late): void {
    this.#late.push(late);
    this.#sender.wake();
  }

  #read(path: string, block: HeaderBlock, verb: string): void {
    const authority = this.#authority;
    this.#lastBlock = block;
    this.#lastHead = new RequestHead(verb, path, authority, block.fields, -1);
    this.#lastPseudo = [":method", verb, ":scheme", this.#scheme, ":path", path, ":authority", authority];
    this.#lastBytes = listBytesOf(block.fields) + listBytesOf(this.#lastPseudo);
  }

  #leave(stream: H2Stream, block: HeaderBlock, pseudo: Fields): void {
    stream.id = this.#nextId;
    this.#nextId += 2;
    stream.sendWindow = this.#streams.initialWindow;
    this.#streams.enter(stream);
    this.#sender.headers(stream.id, block, pseudo, false);
    if (stream.queue !== undefined) this.#sender.resume(stream);
    else if (stream.sending === Sending.Ending) this.#sender.end(stream, undefined);
    if (this.#nextId > MAX_31) this.goAway(MAX_31);
  }
}

/** RFC 9113, section 8.6: HTTP/2 has no such thing. */
const SWITCHING_PROTOCOLS = 101;

interface Late {
  readonly stream: H2Stream;
  readonly code: ResetCode;
  readonly reason?: Error;
}

interface Waiting {
  readonly stream: H2Stream;
  readonly block: HeaderBlock;
  readonly pseudo: Fields;
}
