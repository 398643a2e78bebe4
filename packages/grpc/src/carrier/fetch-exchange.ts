import type { Exchange, Fields, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { reasonOf } from "../shown.js";

/** What of fetch is used. */
export type FetchFunction = (url: string, request: FetchRequest) => Promise<FetchResponse>;

/** As much of a request as fetch is given. */
export interface FetchRequest {
  readonly method: string;
  readonly headers: [string, string][];
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
  readonly redirect: "error";
  readonly credentials?: "include" | "omit" | "same-origin";
}

/** As much of a response as is read. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: Iterable<[string, string]>;
  readonly body: { getReader(): BodyReader } | null;
}

interface BodyReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}

export interface FetchExchangeOptions {
  readonly request: Pick<Exchange, "verb" | "path" | "authority" | "fields" | "peer">;
  readonly url: string;
  readonly fetch: FetchFunction;
  readonly credentials: FetchRequest["credentials"];
  readonly sink: Sink;
  ended(): void;
}

/** Bytes that were brought and not given back, from which on no more are read. */
const UNREAD_BYTES = 262_144;

/** Fields that the platform says itself, or which would make a browser ask the server first. */
const NOT_SENT = new Set(["te", "user-agent", "accept-encoding"]);
/** What the platform has undone when the body comes. */
const UNDONE = new Set(["content-encoding", "content-length"]);

/** One request over fetch: it leaves whole, and its response comes as it is read. */
export class FetchExchange implements Exchange {
  readonly verb: string;
  readonly path: string;
  readonly authority: string;
  readonly fields: Fields;
  readonly peer: Peer;
  readonly #options: FetchExchangeOptions;
  readonly #abort = new AbortController();
  #chunks: Uint8Array[] = [];
  #isSent = false;
  #isClosed = false;
  #unread = 0;
  #goOn: (() => void) | undefined = undefined;

  constructor(options: FetchExchangeOptions) {
    const { verb, path, authority, fields, peer } = options.request;
    this.verb = verb;
    this.path = path;
    this.authority = authority;
    this.fields = fields;
    this.peer = peer;
    this.#options = options;
  }

  /** The head of a request has its time in `end()`. */
  head(): void {}

  write(bytes: Uint8Array, start: number, end: number): boolean {
    this.#chunks.push(bytes.subarray(start, end));
    return true;
  }

  end(): void {
    if (this.#isSent || this.#isClosed) return;
    this.#isSent = true;
    void this.#run();
  }

  reset(code: ResetCode): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#abort.abort();
    this.#goOn?.();
    queueMicrotask(() => this.#tellClosed(code));
  }

  consumed(bytes: number): void {
    this.#unread -= bytes;
    if (this.#unread < UNREAD_BYTES) this.#goOn?.();
  }

  /** A client keeps no slot beyond the exchange. */
  release(): void {}

  async #run(): Promise<void> {
    let hasBegun = false;
    try {
      const response = await this.#fetch();
      hasBegun = true;
      await this.#receive(response);
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#tellClosed(undefined);
    } catch (error) {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#tellClosed(ResetCode.ConnectionLost, fetchError(this.#options.url, hasBegun, error));
    }
  }

  #fetch(): Promise<FetchResponse> {
    const { url, fetch, credentials } = this.#options;
    const headers: [string, string][] = [];
    for (let i = 0; i + 1 < this.fields.length; i += 2) {
      const name = this.fields[i] ?? "";
      if (!NOT_SENT.has(name)) headers.push([name, this.fields[i + 1] ?? ""]);
    }
    const body = joined(this.#chunks);
    this.#chunks = [];
    return fetch(url, {
      method: this.verb,
      headers,
      ...(this.verb !== "GET" && { body }),
      signal: this.#abort.signal,
      redirect: "error",
      ...(credentials !== undefined && { credentials }),
    });
  }

  async #receive({ status, headers, body }: FetchResponse): Promise<void> {
    if (this.#isClosed) return;
    const { sink } = this.#options;
    const fields: string[] = [];
    for (const [name, value] of headers) if (!UNDONE.has(name)) fields.push(name, value);
    sink.head(status, fields);
    const reader = body?.getReader();
    let hasBody = false;
    while (reader !== undefined && !this.#isClosed) {
      const { done, value } = await reader.read();
      if (done || value === undefined) break;
      hasBody = true;
      this.#bring(value);
      await this.#room();
    }
    // Trailers of HTTP do not get through fetch.
    if (!this.#isClosed) sink.end(hasBody ? [] : fields);
  }

  #bring(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#unread += bytes.length;
    this.#options.sink.data(bytes, 0, bytes.length);
    if (!this.#isClosed) this.#options.sink.turn();
  }

  /** Waits until what was brought is used. */
  async #room(): Promise<void> {
    while (this.#unread >= UNREAD_BYTES && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    }
    this.#goOn = undefined;
  }

  #tellClosed(code: ResetCode | undefined, reason?: Error): void {
    this.#options.ended();
    this.#options.sink.closed(code, reason);
  }
}

/** Node says why; browsers keep it from the page, and tell their console. */
function fetchError(url: string, hasBegun: boolean, error: unknown): Error {
  const { message, cause } = error instanceof Error ? error : new Error(reasonOf(error));
  const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return new Error(`the response of ${url} ${hasBegun ? "was cut off" : "never began"}: ${why}`, { cause: error });
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
