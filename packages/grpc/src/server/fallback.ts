import type { ResetCode as Code, Exchange, Fields, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { headersOf } from "../protocol/metadata.js";
import { refusal, sendRefusal } from "../protocol/refusal.js";
import { shown } from "../shown.js";

/** Answers requests that are no calls, such as those for pages: what frameworks for HTTP call a fetch handler. */
export type Fallback = (request: Request, peer: Peer) => Response | Promise<Response>;

/** What a request may hold that the handler has not read. */
const UNREAD_BYTES = 65_536;
/** Fields of a response that belong to the connection. */
const CONNECTION_FIELDS = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Has a request answered by a fallback.
 *
 * @param onError told of what the fallback throws; the caller is told 500
 */
export function answerByFallback(exchange: Exchange, fallback: Fallback, onError: (error: unknown) => void): Sink {
  const sink = new FallbackSink(exchange);
  void sink.run(fallback, onError);
  return sink;
}

class FallbackSink implements Sink {
  readonly #exchange: Exchange;
  readonly #abort = new AbortController();
  #reader: ReadableStreamDefaultReader<unknown> | undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #unread = 0;
  #isClosed = false;
  #onRoom: () => void = () => {};

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  async run(fallback: Fallback, onError: (error: unknown) => void): Promise<void> {
    const request = this.#request();
    // A caller who asks for what a Request cannot be is no failure of the fallback.
    if (request === undefined) sendRefusal(this.#exchange, refusal(400, "This is no request that a page can make."));
    else await this.#answer(request, fallback, onError);
    this.#exchange.release();
  }

  async #answer(request: Request, fallback: Fallback, onError: (error: unknown) => void): Promise<void> {
    let headSent = false;
    try {
      const response = await fallback(request, this.#exchange.peer);
      this.#exchange.head({ fields: fieldsOf(response.headers) }, response.status);
      headSent = true;
      await this.#send(response.body);
    } catch (error) {
      // A caller who has gone is no failure.
      if (!this.#isClosed) onError(error);
      if (headSent) this.#exchange.reset(ResetCode.InternalError);
      else sendRefusal(this.#exchange, refusal(500, "The server failed."));
      letGo(this.#reader, error);
    }
  }

  head(): void {
    // Heads of responses come to clients.
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    if (this.#body === undefined) {
      this.#exchange.consumed(end - start);
      return;
    }
    this.#unread += end - start;
    // Not slice(): a Buffer's gives a view.
    this.#body.enqueue(new Uint8Array(bytes.subarray(start, end)));
  }

  turn(): void {
    // Chunks are handed on as they come.
  }

  end(): void {
    this.#body?.close();
    this.#body = undefined;
  }

  writable(): void {
    this.#onRoom();
  }

  closed(code: Code | undefined): void {
    this.#isClosed = true;
    const gone = new Error("the request has ended early");
    this.#body?.error(gone);
    this.#body = undefined;
    if (code !== undefined) this.#abort.abort(gone);
    letGo(this.#reader, gone);
    this.#onRoom();
  }

  /** undefined: there is no such Request, as for the method TRACE or the target "*". */
  #request(): Request | undefined {
    const { verb, path, authority, fields, peer } = this.#exchange;
    const url = `${peer.secure ? "https" : "http"}://${authority === "" ? "localhost" : authority}${path}`;
    const hasBody = verb !== "GET" && verb !== "HEAD";
    try {
      return new Request(url, {
        method: verb,
        headers: headersOf(fields),
        signal: this.#abort.signal,
        ...(hasBody && { body: this.#incoming(), duplex: "half" }),
      });
    } catch {
      this.#body = undefined;
      return undefined;
    }
  }

  #incoming(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller;
        },
        pull: () => this.#giveBack(),
        cancel: () => {
          this.#body = undefined;
          this.#giveBack();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: UNREAD_BYTES }),
    );
  }

  #giveBack(): void {
    if (this.#unread > 0) this.#exchange.consumed(this.#unread);
    this.#unread = 0;
  }

  async #send(body: ReadableStream<Uint8Array> | null): Promise<void> {
    const reader = body?.getReader();
    this.#reader = reader;
    for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
      if (this.#isClosed) return;
      const chunk: unknown = next.value;
      if (!(chunk instanceof Uint8Array)) {
        throw new TypeError(`the fallback's body has given ${shown(chunk)}: expected Uint8Arrays`);
      }
      if (this.#exchange.verb === "HEAD" || this.#exchange.write(chunk, 0, chunk.length)) continue;
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
      });
    }
    this.#exchange.end();
  }
}

/** Lets a body go that nobody reads any more: it may be waiting for something to send. */
function letGo(reader: ReadableStreamDefaultReader<unknown> | undefined, reason: unknown): void {
  // What it throws while it cleans up, nobody is left to hear.
  reader?.cancel(reason).catch(() => {});
}

function fieldsOf(headers: Headers): Fields {
  return [...headers].filter(([name]) => !CONNECTION_FIELDS.has(name)).flat();
}
