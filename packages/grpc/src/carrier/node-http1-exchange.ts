import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fields, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { NodeExchange } from "./node-exchange.js";
import { addressOf, fieldsOf, pairsOf } from "./node-http1-fields.js";
import type { Turns } from "./node-turns.js";

/** What an exchange needs of its connection. */
export interface Http1Owner {
  readonly turns: Turns;
  readonly peer: Peer;
  /** Takes no more requests: the response says so. */
  readonly isDraining: boolean;
  /** The response has left, or never will. */
  ended(exchange: Http1Exchange): void;
  /** Its response has ended before its request: nothing behind it can be read. */
  stop(): void;
  /** Its slot is free. */
  free(): void;
}

/** The server's side of one request over HTTP/1.1. Trailers go with the last chunk. */
export class Http1Exchange extends NodeExchange {
  readonly #owner: Http1Owner;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #hasBody: boolean;
  #status = 200;
  #head: HeaderBlock | undefined;
  #headSent = false;
  #trailers: HeaderBlock | undefined;
  #isReleased = false;
  #isGone = false;

  constructor(owner: Http1Owner, request: IncomingMessage, response: ServerResponse) {
    const { rawHeaders, method = "", url = "", headers } = request;
    const { path, authority } = addressOf(url, headers.host ?? "");
    super(owner.turns, owner.peer, { verb: method, path, authority, fields: fieldsOf(rawHeaders) });
    this.#owner = owner;
    this.#request = request;
    this.#response = response;
    this.#hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    // A close always follows, of the response too, and says as much.
    request.on("error", () => {});
    response.on("error", () => {});
    response.on("close", () => this.#onClosed());
    response.sendDate = false;
    this.outgoing.attach(response);
  }

  start(sink: Sink): void {
    this.sink = sink;
    this.receive(this.#request);
  }

  /** Whether the request is not there yet, and nothing but its sender holds it up. */
  get isAwaited(): boolean {
    return this.#isUnfinished && !this.isPaused;
  }

  head(block: HeaderBlock, status = 200): void {
    if (this.#head !== undefined || this.isClosed || this.isEnded) return;
    this.#head = block;
    this.#status = status;
    this.flushSoon();
  }

  end(trailers?: HeaderBlock): void {
    if (this.isClosed || this.isEnded) return;
    this.isEnded = true;
    this.letFlow();
    if (this.#head === undefined) this.#head = trailers ?? NO_BLOCK;
    else this.#trailers = trailers;
    this.outgoing.end();
    this.flushSoon();
  }

  /** All that goes to Node goes from here: only now is it known how much of the request this read has brought. */
  override flush(): void {
    try {
      if (!this.isClosed && this.#head !== undefined) this.#send(this.#head);
    } catch {
      // A field that Node refuses.
      this.reset(ResetCode.InternalError);
    }
    super.flush();
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (this.#isGone) this.#owner.free();
  }

  protected override cut(): void {
    this.#request.socket.destroy();
  }

  protected override tellEnd(): void {
    if (!this.#request.complete) return;
    this.peerEnded = true;
    this.sink?.end(NO_FIELDS);
  }

  get #isUnfinished(): boolean {
    return this.#hasBody && !this.#request.complete;
  }

  #send(block: HeaderBlock): void {
    if (!this.#headSent) {
      this.#headSent = true;
      if (this.#owner.isDraining || (this.isEnded && this.#isUnfinished)) this.#response.shouldKeepAlive = false;
      this.#response.writeHead(this.#status, this.#fieldsToSend(block));
      if (!this.isEnded && this.outgoing.queued === 0) this.#response.flushHeaders();
    }
    if (this.#trailers !== undefined) this.#response.addTrailers(pairsOf(this.#trailers.fields));
  }

  /** With its length, if the whole response is known by now. */
  #fieldsToSend({ fields }: HeaderBlock): string[] {
    const isWhole = this.isEnded && this.#trailers === undefined && this.#status !== NO_CONTENT;
    if (!isWhole || fieldValue(fields, "content-length") !== undefined) return [...fields];
    return [...fields, "content-length", String(this.outgoing.queued)];
  }

  #onClosed(): void {
    const hasLeft = this.#response.writableFinished;
    this.#isGone = true;
    this.#owner.ended(this);
    if (hasLeft && this.#isUnfinished) this.#owner.stop();
    this.close(hasLeft ? (this.peerEnded ? undefined : ResetCode.NoError) : ResetCode.ConnectionLost);
    if (this.#isReleased) this.#owner.free();
  }
}

const NO_CONTENT = 204;
const NO_FIELDS: Fields = [];
const NO_BLOCK: HeaderBlock = { fields: NO_FIELDS };
