import type { Readable } from "node:stream";
import type { Exchange, Fields, HeaderBlock, Peer, ResetCode, Sink } from "../exchange.js";
import { Outgoing } from "./node-outgoing.js";
import type { Turns, TurnTaker } from "./node-turns.js";

/** What a sink may hold without giving it back until its body is paused. Then the peer can send one window more. */
const UNREAD_BYTES = 262_144;

/** What exchanges over Node's own HTTP have in common, in either version and on either side: the body both ways. */
export abstract class NodeExchange implements Exchange, TurnTaker {
  readonly verb: string;
  readonly path: string;
  readonly authority: string;
  readonly fields: Fields;
  readonly peer: Peer;
  protected readonly turns: Turns;
  protected readonly outgoing = new Outgoing(() => this.#room());
  protected sink: Sink | undefined;
  /** end() was called: this side sends no more. */
  protected isEnded = false;
  /** The peer has ended its side, and the sink knows. */
  protected peerEnded = false;
  /** Neither side sends any more, and the sink knows or will know in a microtask. */
  protected isClosed = false;
  /** The peer's body. */
  #incoming: Readable | undefined;
  /** What comes is not waited for any more: it must not hold up how the exchange closes. */
  #flowsAway = false;
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
  /** Ends what is beneath at once. */
  protected abstract cut(code: ResetCode): void;
  /** The peer's body has ended as Node sees it. Tells the sink, if it was the peer who ended it. */
  protected abstract tellEnd(): void;

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
    this.cut(code);
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

  /** Whether the peer waits for the sink to give bytes back. */
  protected get isPaused(): boolean {
    return this.#paused;
  }

  /** Brings the body to the sink. Not before the head, which Node may tell later than the first data. */
  protected receive(incoming: Readable): void {
    this.#incoming = incoming;
    incoming.on("data", (chunk: Buffer) => {
      if (this.isClosed) return;
      this.#unread += chunk.length;
      if (this.#unread >= UNREAD_BYTES && !this.#paused && !this.#flowsAway) {
        this.#paused = true;
        incoming.pause();
      }
      this.sink?.data(chunk, 0, chunk.length);
      if (this.#turnDue) return;
      this.#turnDue = true;
      this.turns.reading(this);
    });
    incoming.on("end", () => {
      if (this.isClosed) return;
      this.#turnDue = false;
      this.tellEnd();
    });
  }

  /** What is beneath has ended. */
  protected close(code: ResetCode | undefined, reason?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.outgoing.drop();
    this.sink?.closed(code, reason);
  }

  /** Node ends nothing with unread data: from now on it is read however slow the sink. */
  protected letFlow(): void {
    this.#flowsAway = true;
    this.#resume();
  }

  #resume(): void {
    this.#paused = false;
    this.#incoming?.resume();
  }

  #room(): void {
    if (!this.isClosed && !this.isEnded) this.sink?.writable();
  }
}
