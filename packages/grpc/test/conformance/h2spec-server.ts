/**
 * What h2spec is run against: the engine behind a real port, answering each request when it has ended, since h2spec looks at what
 * comes of its later frames. Prints the port and serves until it is killed:
 *
 *     node packages/grpc/dist/test/conformance/h2spec-server.js        then h2spec -h 127.0.0.1 -p PORT -o 2 [-S]
 */

import { listen } from "../../src/carrier/node-listen.js";
import type { Exchange, HeaderBlock, Sink } from "../../src/exchange.js";

const HEAD: HeaderBlock = { fields: ["content-type", "application/grpc"] };
const TRAILERS: HeaderBlock = { fields: ["grpc-status", "0"] };
const BODY = new Uint8Array(25);

class Answer implements Sink {
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  head(): void {}

  data(_bytes: Uint8Array, start: number, end: number): void {
    this.#exchange.consumed(end - start);
  }

  turn(): void {}

  end(): void {
    this.#exchange.head(HEAD);
    this.#exchange.write(BODY, 0, BODY.length);
    this.#exchange.end(TRAILERS);
  }

  writable(): void {}

  closed(): void {
    this.#exchange.release();
  }
}

const listening = await listen({ accept: (exchange) => new Answer(exchange) }, { port: Number(process.argv[2] ?? 0) });
console.log(listening.address);
