import type { Accept, Exchange, Fields, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";

/** Bytes written and not given back by the other side, from which on `write()` says false. */
const WINDOW_BYTES = 65_536;
const NO_FIELDS: Fields = [];

export const MEMORY: Peer = { carrier: "memory", address: "memory", secure: false, certificate: () => undefined };

/** What an exchange needs of the connection that it belongs to. */
interface Owner {
  schedule(exchange: MemoryExchange): void;
  ended(client: MemoryExchange): void;
  free(): void;
}

/** One side of an exchange. What it has sent is kept here until the next turn tells the other side. */
export class MemoryExchange implements Exchange {
  readonly verb: string;
  readonly authority = "memory";
  readonly peer = MEMORY;
  readonly path: string;
  readonly fields: Fields;
  readonly #owner: Owner;
  /** Unset on the server, until it has accepted. */
  #sink: Sink | undefined;
  #accept: Accept | undefined;
  /** Unset while the client waits for a slot. */
  #other: MemoryExchange | undefined;
  readonly #isServer: boolean;
  #scheduled = false;

  #status = 200;
  #head: Fields | undefined;
  #headTold = false;
  #chunks: { bytes: Uint8Array; start: number; end: number }[] = [];
  #ended = false;
  #trailers = NO_FIELDS;
  #endTold = false;

  /** Bytes that this side has written and the other has not given back. */
  #onTheWay = 0;
  #blocked = false;
  #hasRoom = false;

  #closed = false;
  #closedTold = false;
  #code: ResetCode | undefined;
  #released = false;

  constructor(owner: Owner, verb: string, path: string, fields: Fields, side: Sink | Accept) {
    this.#owner = owner;
    this.verb = verb;
    this.path = path;
    this.fields = fields;
    this.#isServer = typeof side === "function";
    if (typeof side === "function") this.#accept = side;
    else this.#sink = side;
  }

  /** Makes the server's side of this exchange. */
  answeredBy(accept: Accept): MemoryExchange {
    const server = new MemoryExchange(this.#owner, this.verb, this.path, this.fields, accept);
    server.#other = this;
    this.#other = server;
    return server;
  }

  head(block: HeaderBlock, status = 200): void {
    if (this.#closed || this.#head !== undefined) return;
    this.#head = block.fields;
    this.#status = status;
    this.#schedule();
  }

  write(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#closed || this.#ended || start === end) return !this.#blocked;
    this.#chunks.push({ bytes, start, end });
    this.#onTheWay += end - start;
    if (this.#onTheWay >= WINDOW_BYTES) this.#blocked = true;
    this.#schedule();
    return !this.#blocked;
  }

  end(trailers?: HeaderBlock): void {
    if (this.#closed || this.#ended) return;
    this.#ended = true;
    this.#trailers = trailers?.fields ?? NO_FIELDS;
    if (this.#isServer) this.#head ??= this.#trailers;
    this.#schedule();
  }

  reset(code: ResetCode): void {
    this.#close(code);
  }

  consumed(bytes: number): void {
    const writer = this.#other;
    if (this.#closed || writer === undefined) return;
    writer.#onTheWay -= bytes;
    if (!writer.#blocked || writer.#onTheWay > WINDOW_BYTES / 2) return;
    writer.#blocked = false;
    writer.#hasRoom = true;
    writer.#schedule();
  }

  release(): void {
    if (this.#released || !this.#isServer) return;
    this.#released = true;
    if (this.#closedTold) this.#owner.free();
  }

  /** Tells both sinks what is new. The server's side is told first of all, which makes its sink. */
  tell(): void {
    this.#scheduled = false;
    if (this.#accept !== undefined && !this.#closed) this.#sink = this.#accept(this);
    this.#accept = undefined;
    if (this.#hasRoom && !this.#closed && !this.#ended) {
      this.#hasRoom = false;
      this.#sink?.writable();
    }
    this.#tellOther();
    if (this.#closed && !this.#closedTold) this.#tellClosed();
  }

  #tellOther(): void {
    const other = this.#other;
    if (other === undefined || other.#sink === undefined) return;
    const sink = other.#sink;
    if (this.#isServer && this.#head !== undefined && !this.#headTold && !this.#closed) {
      this.#headTold = true;
      sink.head(this.#status, this.#head);
    }
    const chunks = this.#chunks;
    this.#chunks = [];
    for (const { bytes, start, end } of chunks) {
      if (this.#closed) return;
      sink.data(bytes, start, end);
    }
    if (this.#closed || this.#endTold) return;
    // What the sink had this side write meanwhile is told in the next turn, and so is the end after it.
    if (this.#ended && this.#chunks.length === 0) {
      this.#endTold = true;
      sink.end(this.#trailers);
      if (other.#endTold) this.#close(undefined);
      else if (this.#isServer && !other.#ended) this.#close(ResetCode.NoError);
    } else if (chunks.length > 0) {
      sink.turn();
    }
  }

  #close(code: ResetCode | undefined): void {
    if (this.#closed) return;
    const sides = this.#other === undefined ? [this] : [this, this.#other];
    for (const side of sides) {
      side.#closed = true;
      side.#code = code;
      side.#chunks = [];
      side.#schedule();
    }
  }

  #tellClosed(): void {
    this.#closedTold = true;
    const settledBefore = this.#released;
    this.#sink?.closed(this.#code);
    if (!this.#isServer) this.#owner.ended(this);
    else if (settledBefore) this.#owner.free();
    // Closed before it was accepted: there is no handler to wait for.
    else if (this.#sink === undefined) this.release();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#owner.schedule(this);
  }
}
