import assert from "node:assert/strict";
import type { Accept, Connection, ConnectionEvents, Exchange, Fields, HeaderBlock } from "../../src/exchange.js";
import { GrammarSink } from "./grammar-sink.js";
import { Recorder } from "./recorder.js";

export interface OpenOptions {
  /** Exchanges that the server takes at a time on the connection. */
  readonly maxExchanges?: number;
  readonly events?: Partial<ConnectionEvents>;
}

/** A client's connection, and the server that it leads to. */
export interface Opened extends AsyncDisposable {
  readonly connection: Connection;
  /** Cuts what lies between the two, without a word. */
  cut(): void;
}

/** How a carrier opens a connection for the suite. */
export type Open = (accept: Accept, options: OpenOptions) => Promise<Opened>;

/** Why tests are left out, by a part of their titles. */
export type Skips = Readonly<Record<string, string>>;

/** One promise of the suite. */
export type Promised = (title: string, options: { timeout: number }, run: () => Promise<void>) => void;

export const block = (...fields: string[]): HeaderBlock => ({ fields });
const REQUEST = block("content-type", "application/grpc", "te", "trailers");

/** A client and a server under test; both sides' sinks are held against the grammar. */
export class Harness implements AsyncDisposable {
  readonly requests: Recorder[] = [];
  readonly #violations: string[] = [];
  readonly #answer: (request: Recorder) => void;
  #opened: Opened | undefined;
  #onRequest: (() => void)[] = [];

  private constructor(answer: (request: Recorder) => void) {
    this.#answer = answer;
  }

  /** @param answer is called within accept(), for answers that need nothing but the head */
  static async open(
    open: Open,
    options: OpenOptions = {},
    answer: (request: Recorder) => void = () => {},
  ): Promise<Harness> {
    const harness = new Harness(answer);
    harness.#opened = await open((exchange) => harness.#accept(exchange), options);
    return harness;
  }

  get connection(): Connection {
    assert.ok(this.#opened);
    return this.#opened.connection;
  }

  cut(): void {
    this.#opened?.cut();
  }

  /** Opens an exchange. Its recorder has the exchange. */
  call(path = "/test.Service/Method", head: HeaderBlock = REQUEST): Recorder {
    const response = new Recorder();
    response.exchange = this.connection.open(path, head, new GrammarSink("client", response, this.#violations));
    return response;
  }

  /** The server's side of the request of this number, counted from 0 in the order of their coming. */
  async request(index = 0): Promise<Recorder> {
    for (;;) {
      const request = this.requests[index];
      if (request !== undefined) return request;
      await new Promise<void>((resolve) => this.#onRequest.push(resolve));
    }
  }

  /** Opens an exchange and waits for the server to have it. */
  async pair(path?: string, head?: HeaderBlock): Promise<{ client: Recorder; server: Recorder }> {
    const index = this.requests.length;
    const client = this.call(path, head);
    return { client, server: await this.request(index) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.[Symbol.asyncDispose]();
    assert.deepEqual(this.#violations, []);
  }

  #accept(exchange: Exchange): GrammarSink {
    const request = new Recorder();
    request.exchange = exchange;
    this.requests.push(request);
    for (const resolve of this.#onRequest.splice(0)) resolve();
    this.#answer(request);
    return new GrammarSink("server", request, this.#violations);
  }
}

/** Bytes that tell where they are from, so that one in the wrong place shows. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 17 + (i >> 16)) & 0xff;
  return bytes;
}

/** Messages back and forth so often that whatever is on its way elsewhere on this connection has had its chance to arrive. */
export async function quiesce(harness: Harness, rounds = 50): Promise<void> {
  const { client, server } = await harness.pair("/test.Service/Quiesce");
  server.exchange.head(block());
  const byte = new Uint8Array(1);
  for (let round = 1; round <= rounds; round++) {
    client.exchange.write(byte, 0, 1);
    await server.untilBytes(round);
    server.exchange.write(byte, 0, 1);
    await client.untilBytes(round);
  }
  client.exchange.end();
  await server.untilEnd();
  server.exchange.end();
  await client.untilClosed();
}

export const valuesOf = (fields: Fields, name: string): string[] =>
  fields.filter((_, i) => i % 2 === 1 && fields[i - 1] === name);
