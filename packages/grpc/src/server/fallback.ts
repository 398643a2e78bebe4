import type { ResetCode as Code, Exchange, Fields, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { headersOf } from "../protocol/metadata.js";
import { refusal, sendRefusal } from "../protocol/refusal.js";

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
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #unread = 0;
  #isClosed = false;
  #onRoom: () => void = () => {};

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  async run(fallback: Fallback, onError: (error: unknown) => void): Promise<void> {
    let headSent = false;
    try {
      const request = this.#request();
      const response = await fallback(request, this.#exchange.peer);
      this.#exchange.head({ fields: fieldsOf(response.headers) }, response.status);
      headSent = true;
      await this.#send(response.body);
    } catch (error) {
      // A caller who has gone is no failure.
      if (!this.#isClosed) onError(error);
      if (headSent) this.#exchange.reset(ResetCode.InternalError);
      else sendRefusal(this.#exchange, refusal(500, "The server failed."));
    }
    this.#exchange.release();
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
    this.#body.enqueue(bytes.slice(start, end));
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
    this.#onRoom();
  }

  #request(): Request {
    const { verb, path, authority, fields, peer } = this.#exchange;
    const url = `${peer.secure ? "https" : "http"}://${authority === "" ? "localhost" : authority}${path}`;
    const hasBody = verb !== "GET" && verb !== "HEAD";
    return new Request(url, {
      method: verb,
      headers: headersOf(fields),
      signal: this.#abort.signal,
      ...(hasBody && { body: this.#incoming(), duplex: "half" }),
    });
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
    // Leaving the loop cancels the body.
    for await (const chunk of body ?? []) {
      if (this.#isClosed) return;
      if (this.#exchange.verb === "HEAD" || this.#exchange.write(chunk, 0, chunk.length)) continue;
      await new Promise<void>((resolve) => {
        this.#onRoom = resolve;
      });
    }
    this.#exchange.end();
  }
}

function fieldsOf(headers: Headers): Fields {
  return [...headers].filter(([name]) => !CONNECTION_FIELDS.has(name)).flat();
}
