import assert from "node:assert/strict";
import type { Exchange, Fields, Peer, ResetCode, Sink } from "../../src/exchange.js";
import { BufferPool } from "../../src/h2/buffer-pool.js";
import { type H2ClientConnection, H2Connection } from "../../src/h2/connection.js";
import { clientLimits, type Limits } from "../../src/h2/limits.js";
import { H2Peer } from "../h2-peer.js";

const PEER: Peer = { carrier: "h2", address: "test", secure: false, certificate: () => undefined };
const HEAD = { fields: ["content-type", "application/grpc", "te", "trailers"] };

/** What a client's call was told. */
export class Answer implements Sink {
  status: number | undefined = undefined;
  bytes = 0;
  trailers: Fields | undefined = undefined;
  closedWith: ResetCode | undefined | "open" = "open";

  head(status: number): void {
    assert.equal(this.status, undefined, "head() comes once");
    this.status = status;
  }

  data(_bytes: Uint8Array, start: number, end: number): void {
    assert.notEqual(this.status, undefined, "data() comes after head()");
    this.bytes += end - start;
  }

  turn(): void {}

  end(trailers: Fields): void {
    this.trailers = trailers;
  }

  writable(): void {}

  closed(code: ResetCode | undefined): void {
    assert.equal(this.closedWith, "open", "closed() comes once");
    this.closedWith = code;
  }
}

/** The client's end of a connection, and a raw server at the other end. */
export class Caller {
  readonly connection: H2ClientConnection;
  readonly server: H2Peer;
  readonly violations: string[] = [];
  /** What the connection told whoever opened it. */
  readonly events: string[] = [];
  readonly #now = 1;
  #wantsFlush = true;

  constructor(limits: Partial<Limits> = {}) {
    this.server = new H2Peer("server", (bytes) => {
      this.connection.receive(bytes, this.#now);
      this.#wantsFlush = true;
      this.settle();
    });
    this.connection = H2Connection.client({
      peer: PEER,
      limits: { ...clientLimits, ...limits },
      pool: new BufferPool(),
      now: this.#now,
      authority: "test",
      wake: () => {
        this.#wantsFlush = true;
      },
      violated: (name) => this.violations.push(name),
      events: {
        openable: () => this.events.push("openable"),
        draining: () => this.events.push("draining"),
        closed: () => this.events.push("closed"),
      },
    });
    this.settle();
  }

  /** A client whose server has begun. */
  static begun(settings: readonly number[] = []): Caller {
    const caller = new Caller();
    caller.server.begin(settings);
    return caller;
  }

  /** Opens a call and ends its request. */
  call(): { exchange: Exchange; answer: Answer } {
    const answer = new Answer();
    const exchange = this.connection.open("/test.Service/Method", HEAD, answer);
    exchange.end();
    this.settle();
    return { exchange, answer };
  }

  /** Does what the carrier does in a later turn of the event loop, if the connection asked for it. */
  settle(): void {
    while (this.#wantsFlush) {
      this.#wantsFlush = false;
      for (let bytes = this.connection.flush(); bytes !== undefined; bytes = this.connection.flush()) {
        this.server.came(Buffer.from(bytes));
        this.connection.sent(0);
      }
    }
  }
}
