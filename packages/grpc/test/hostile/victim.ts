import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Exchange, HeaderBlock, Peer, ResetCode, Sink } from "../../src/exchange.js";
import { BufferPool } from "../../src/h2/buffer-pool.js";
import { H2Connection } from "../../src/h2/connection.js";
import { type Limits, serverLimits } from "../../src/h2/limits.js";
import { H2Peer } from "../h2-peer.js";
import { ErrorCode, Flags, Type } from "../h2-peer-frames.js";

export const HEAD: HeaderBlock = { fields: ["content-type", "application/grpc"] };
export const TRAILERS: HeaderBlock = { fields: ["grpc-status", "0"] };

const PEER: Peer = { carrier: "h2", address: "test", secure: false, certificate: () => undefined };
/** Shared, as a listener's connections share theirs. */
const pool = new BufferPool();

/** A call that has arrived, and what it was told. */
export class Call implements Sink {
  readonly exchange: Exchange;
  bytes = 0;
  hasEnded = false;
  /** How often there was room again. */
  wakes = 0;
  closedWith: ResetCode | undefined | "open" = "open";
  readonly #victim: Victim;

  constructor(victim: Victim, exchange: Exchange) {
    this.#victim = victim;
    this.exchange = exchange;
  }

  /** Answers with one message's worth of bytes. */
  answer(): void {
    this.exchange.head(HEAD);
    this.exchange.write(new Uint8Array(5), 0, 5);
    this.exchange.end(TRAILERS);
  }

  head(): void {
    assert.fail("a server receives no response");
  }

  data(_bytes: Uint8Array, start: number, end: number): void {
    this.bytes += end - start;
    if (this.#victim.consumes) this.exchange.consumed(end - start);
  }

  turn(): void {}

  end(): void {
    this.hasEnded = true;
    if (this.#victim.answers) this.answer();
  }

  writable(): void {
    this.wakes++;
  }

  closed(code: ResetCode | undefined): void {
    assert.equal(this.closedWith, "open", "closed() comes once");
    this.closedWith = code;
    if (this.#victim.settles) this.exchange.release();
  }
}

export interface VictimOptions {
  readonly limits?: Partial<Limits>;
  /** Calls are answered when the request has ended. Default true. */
  readonly answers?: boolean;
  /** Calls read what they are sent. Default true. */
  readonly consumes?: boolean;
  /** Handlers settle when their stream closes. Default true. */
  readonly settles?: boolean;
}

/** The server's end of a connection on a clock of the test's, with a socket that can stall, and a raw client at the other end. */
export class Victim {
  readonly answers: boolean;
  readonly consumes: boolean;
  readonly settles: boolean;
  readonly limits: Limits;
  readonly connection: H2Connection;
  readonly client: H2Peer;
  /** In the order of their arrival. */
  readonly calls: Call[] = [];
  /** What was counted under which name. */
  readonly violations: string[] = [];
  now = 1_000_000;
  #isStalled = false;
  /** What the stalled socket holds. */
  #held: Buffer = Buffer.alloc(0);
  #wantsFlush = true;

  constructor(options: VictimOptions = {}) {
    this.answers = options.answers ?? true;
    this.consumes = options.consumes ?? true;
    this.settles = options.settles ?? true;
    this.limits = { ...serverLimits, ...options.limits };
    this.client = new H2Peer("client", (bytes) => this.#receive(bytes));
    this.connection = H2Connection.server({
      peer: PEER,
      limits: this.limits,
      pool,
      now: this.now,
      wake: () => {
        this.#wantsFlush = true;
      },
      violated: (name) => this.violations.push(name),
      accept: (exchange) => {
        const call = new Call(this, exchange);
        this.calls.push(call);
        return call;
      },
    });
    this.settle();
  }

  /** A victim whose client has begun, and has read the server's beginning. */
  static begun(options: VictimOptions = {}, settings: readonly number[] = []): Victim {
    const victim = new Victim(options);
    victim.client.begin(settings);
    victim.client.take();
    return victim;
  }

  /** The last call that has arrived. */
  get call(): Call {
    const call = this.calls.at(-1);
    assert.ok(call, "no call has arrived");
    return call;
  }

  /** Calls whose stream is not closed. */
  get openCalls(): number {
    return this.calls.filter(({ closedWith }) => closedWith === "open").length;
  }

  /** Bytes that the stalled socket holds. */
  get socketBytes(): number {
    return this.#held.length;
  }

  /** Does what the carrier does in a later turn of the event loop, if the connection asked for it. */
  settle(): void {
    while (this.#wantsFlush) {
      this.#wantsFlush = false;
      this.#flush();
    }
  }

  /** Lets time pass, second by second. */
  wait(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now = Math.min(end, this.now + 1000);
      this.connection.tick(this.now);
      this.settle();
    }
  }

  /** The peer's system takes nothing any more: what is written stays in the socket. */
  stall(): void {
    this.#isStalled = true;
  }

  /** The socket has taken all that it held. */
  unstall(): void {
    this.#isStalled = false;
    this.client.came(this.#held);
    this.#held = Buffer.alloc(0);
    this.connection.sent(0);
    this.#wantsFlush = true;
    this.settle();
  }

  #receive(bytes: Uint8Array): void {
    this.connection.receive(bytes, this.now);
    this.#wantsFlush = true;
    this.settle();
  }

  #flush(): void {
    for (let bytes = this.connection.flush(); bytes !== undefined; bytes = this.connection.flush()) {
      if (this.#isStalled) this.#held = Buffer.concat([this.#held, bytes]);
      else this.client.came(Buffer.from(bytes));
      this.connection.sent(this.socketBytes);
    }
  }
}

/** The connection was ended with ENHANCE_YOUR_CALM, under this name in GOAWAY and count. */
export function assertCalmed(victim: Victim, name: string): void {
  assertEnded(victim, ErrorCode.EnhanceYourCalm, name);
}

/** The connection was ended with this code, under this name in GOAWAY and count, and a new one is served. */
export function assertEnded(victim: Victim, code: number, name: string): void {
  const { goneAway } = victim.client;
  assert.ok(goneAway, `no GOAWAY has come, but ${victim.violations.slice(-3).join()} was counted`);
  assert.deepEqual({ code: goneAway.code, name: goneAway.name }, { code, name });
  assert.equal(victim.violations.at(-1), name);
  assert.equal(victim.connection.wantsClose, true);
  assert.equal(victim.openCalls, 0, "no call is left open");
  assertServes(Victim.begun());
}

/** One stream was reset with this code, under this name in the count, and the connection goes on. */
export function assertReset(victim: Victim, stream: number, code: number, name: string): void {
  assert.equal(victim.client.goneAway, undefined);
  assert.equal(victim.client.resetOf(stream), code);
  assert.deepEqual(victim.violations, [name]);
  assertServes(victim, 1001);
}

/** The connection answers a call. */
export function assertServes(victim: Victim, stream = 1): void {
  assert.equal(victim.client.goneAway, undefined);
  const before = victim.calls.length;
  victim.client.request(stream);
  assert.equal(victim.calls.length, before + 1);
  if (!victim.answers) victim.call.answer();
  victim.settle();
  const [head, trailers] = victim.client.ofType(Type.Headers, stream);
  assert.deepEqual(victim.client.fieldsOf(head), [":status", "200", ...HEAD.fields]);
  assert.equal(victim.client.bodyOf(stream).length, 5);
  assert.deepEqual(victim.client.fieldsOf(trailers), TRAILERS.fields);
  assert.ok((trailers?.flags ?? 0) & Flags.EndStream);
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Bytes that are reachable in this process: heap and buffers. */
export function heldBytes(): number {
  // Buffers that the first finds unreachable are given back by the second at the latest.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
