import type { Http2Stream } from "node:http2";
import type { Exchange, Fields, HeaderBlock, Peer, ResetCode, Sink } from "../exchange.js";
import { Outgoing } from "./node-http2-outgoing.js";
import type { Turns, TurnTaker } from "./node-http2-turns.js";

/** What a sink may hold without giving it back until its stream is paused. Then the peer can send one window more. */
const UNREAD_BYTES = 262_144;

/** What both sides of an exchange over node:http2 have in common: the body both ways, and how it closes. */
export abstract class Http2Exchange implements Exchange, TurnTaker {
  readonly verb: string;
  readonly path: string;
  readonly authority: string;
  readonly fields: Fields;
  readonly peer: Peer;
  protected readonly turns: Turns;
  protected readonly outgoing = new Outgoing(() => this.#room());
  protected stream: Http2Stream | undefined;
  protected sink: Sink | undefined;
  /** end() was called: this side sends no more. */
  protected isEnded = false;
  /** The peer has ended its side, and the sink knows. */
  protected peerEnded = false;
  /** What comes is not waited for any more: it must not hold up how the stream closes. */
  #flowsAway = false;
  /** Neither side sends any more, and the sink knows or will know in a microtask. */
  protected isClosed = false;
  #writeDue = false;
  #turnDue = false;
  #unread = 0;
  #paused = false;

  constructor(turns: Turns, peer: Peer, request: { verb: string; path: string; authority: string; fields: Fields }) {
    this.turns = turns;
    this.peer = peer;
    this.verb = request.verb;
    this.path = request.path;
    this.authority = request.authority;
    this.fields = request.fields;
  }

  abstract head(block: HeaderBlock, status?: number): void;
  abstract end(trailers?: HeaderBlock): void;
  abstract release(): void;
  /** The stream is gone. Its code says how, as far as node:http2 can tell. */
  protected abstract codeOf(stream: Http2Stream): ResetCode | undefined;
  /** Tells the sink of the peer's end, if it was one: node:http2 ends the body of a lost stream too. */
  protected abstract tellEnd(stream: Http2Stream): void;

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.isClosed || this.isEnded || start === end) return !this.outgoing.isBlocked;
    this.outgoing.push(bytes, start, end);
    this.flushSoon();
    return !this.outgoing.isBlocked;
  }

  consumed(bytes: number): void {
    this.#unread -= bytes;
    if (this.#paused && !this.isClosed && this.#unread <= UNREAD_BYTES / 2) this.#resume();
  }

  reset(code: ResetCode): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.outgoing.drop();
    this.letFlow();
    this.stream?.close(code);
    queueMicrotask(() => this.sink?.closed(code));
  }

  turn(): void {
    if (!this.#turnDue || this.isClosed) return;
    this.#turnDue = false;
    this.sink?.turn();
  }

  flush(): void {
    this.#writeDue = false;
    if (!this.isClosed) this.outgoing.flush();
  }

  protected flushSoon(): void {
    if (this.#writeDue) return;
    this.#writeDue = true;
    this.turns.writing(this);
  }

  /** Listens to how the stream closes; from here on this exchange sends on it. */
  protected attach(stream: Http2Stream): void {
    this.stream = stream;
    this.outgoing.attach(stream);
    // A close always follows, and its code says all that the error does.
    stream.on("error", () => {});
    stream.on("close", () => this.onStreamClosed(stream));
  }

  /** Brings the body to the sink. Not before the head, which node:http2 may tell later than the first data. */
  protected receive(stream: Http2Stream): void {
    stream.on("data", (chunk: Buffer) => {
      if (this.isClosed) return;
      this.#unread += chunk.length;
      if (this.#unread >= UNREAD_BYTES && !this.#paused && !this.#flowsAway) {
        this.#paused = true;
        stream.pause();
      }
      this.sink?.data(chunk, 0, chunk.length);
      if (this.#turnDue) return;
      this.#turnDue = true;
      this.turns.reading(this);
    });
    stream.on("end", () => {
      if (this.isClosed) return;
      this.#turnDue = false;
      this.tellEnd(stream);
    });
  }

  protected onStreamClosed(stream: Http2Stream): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.outgoing.drop();
    this.sink?.closed(this.codeOf(stream));
  }

  /** Node closes no stream with unread data: from now on it is read however slow the sink. */
  protected letFlow(): void {
    this.#flowsAway = true;
    this.#resume();
  }

  #resume(): void {
    this.#paused = false;
    this.stream?.resume();
  }

  #room(): void {
    if (!this.isClosed && !this.isEnded) this.sink?.writable();
  }
}
