import type { Connection, Exchange, HeaderBlock, Peer, Sink, Transport } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { A_FUNCTION, A_TEXT, checkOptions, type Expectations, oneOf } from "../options.js";
import { FetchExchange, type FetchFunction } from "./fetch-exchange.js";

/** Where calls go, and how. */
export interface FetchTransportOptions {
  /** Where the methods are: "https://example.com", or "https://example.com/api". In browsers it may be a path of the page's host. */
  readonly baseUrl: string;
  /** What calls speak. Default "connect". */
  readonly protocol?: "connect" | "grpc-web";
  /** Makes the requests. Default: the platform's. */
  readonly fetch?: FetchFunction;
  /** Whether cookies go with calls to other origins, as in fetch. Default: fetch's, which sends them to the page's own only. */
  readonly credentials?: "include" | "omit" | "same-origin";
}

/**
 * A transport over fetch, for browsers and whatever else has one. Responses may be streams; of requests no browser can send one, so
 * methods with a stream of them fail with UNIMPLEMENTED.
 *
 * @throws {TypeError} without a `baseUrl`, and for an option that is none
 */
export function fetchTransport(options: FetchTransportOptions): Transport {
  checkOptions("fetchTransport()", options, EXPECTED);
  const { baseUrl, protocol = "connect", credentials } = options;
  if (baseUrl === undefined) throw new TypeError(`baseUrl is missing: expected ${EXPECTED.baseUrl.what}`);
  const connection = new FetchConnection(
    baseUrl.replace(/\/+$/, ""),
    // As a function of its own: browsers refuse their fetch as a method of another object.
    options.fetch ?? ((url, request) => globalThis.fetch(url, request as Parameters<typeof globalThis.fetch>[1])),
    credentials,
  );
  return {
    protocolName: protocol,
    noRequestStreams: "fetch cannot send a stream of requests: use webSocketTransport()",
    connection: () => connection,
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}

const EXPECTED: Expectations<FetchTransportOptions> = {
  baseUrl: { what: 'where the methods are, such as "https://example.com"', is: A_TEXT.is },
  protocol: oneOf("connect", "grpc-web"),
  fetch: A_FUNCTION,
  credentials: oneOf("include", "omit", "same-origin"),
};

/** There is no connection to see beneath fetch: this one is always there. */
class FetchConnection implements Connection {
  readonly peer: Peer;
  readonly #baseUrl: string;
  readonly #fetch: FetchFunction;
  readonly #credentials: FetchTransportOptions["credentials"];
  readonly #open = new Set<FetchExchange>();
  #isDraining = false;

  constructor(baseUrl: string, fetch: FetchFunction, credentials: FetchTransportOptions["credentials"]) {
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
    const secure = url?.protocol === "https:";
    this.peer = { carrier: "fetch", address: url?.host ?? baseUrl, secure, certificate: () => undefined };
    this.#baseUrl = baseUrl;
    this.#fetch = fetch;
    this.#credentials = credentials;
  }

  /** The platform queues what is too much. */
  get openable(): number {
    return this.#isDraining ? 0 : Number.POSITIVE_INFINITY;
  }

  open(path: string, { fields }: HeaderBlock, sink: Sink, verb = "POST"): Exchange {
    const exchange = new FetchExchange({
      request: { verb, path, authority: this.peer.address, fields, peer: this.peer },
      url: this.#baseUrl + path,
      fetch: this.#fetch,
      credentials: this.#credentials,
      sink,
      ended: () => this.#open.delete(exchange),
    });
    if (this.#isDraining) exchange.reset(ResetCode.RefusedStream);
    else this.#open.add(exchange);
    return exchange;
  }

  drain(): void {
    this.#isDraining = true;
  }

  close(): void {
    this.drain();
    for (const exchange of this.#open) exchange.reset(ResetCode.ConnectionLost);
  }
}
