/**
 * One engine and a raw peer at its other end, joined without a network: what a test sends is worked off at once, and then
 * overwritten if that may be.
 */
import type { Accept, ConnectionEvents, Fields, ResetCode, Sink } from "../src/exchange.js";
import { BufferPool } from "../src/h2/buffer-pool.js";
import { type H2ClientConnection, H2Connection } from "../src/h2/connection.js";
import { clientLimits, type Limits, serverLimits } from "../src/h2/limits.js";
import { MEMORY_PEER, OVERWRITTEN } from "./h2-pair.js";
import { H2Peer } from "./h2-peer.js";

/** Writes down what it is told. */
export class Notes implements Sink {
  readonly told: string[] = [];
  received = 0;

  head(status: number, fields: Fields): void {
    this.told.push(`head ${status} ${fields.join(" ")}`.trimEnd());
  }

  data(_bytes: Uint8Array, start: number, end: number): void {
    this.received += end - start;
    this.told.push(`data ${end - start}`);
  }

  turn(): void {
    this.told.push("turn");
  }

  end(trailers: Fields): void {
    this.told.push(`end ${trailers.join(" ")}`.trimEnd());
  }

  writable(): void {
    this.told.push("writable");
  }

  closed(code: ResetCode | undefined): void {
    this.told.push(`closed ${code}`);
  }
}

/** The carrier's part: flushes after what came, and when woken. */
class Driven<C extends H2Connection> {
  readonly connection: C;
  readonly peer: H2Peer;
  /** The length of each write. */
  readonly writes: number[] = [];
  readonly violations: string[] = [];
  /** How often the engine asked for a flush that no read brought. */
  wakes = 0;
  now = 1;
  /** What the socket keeps of what is written. */
  held = 0;
  isHolding = false;

  constructor(role: "client" | "server", make: (common: ReturnType<Driven<C>["common"]>) => C) {
    this.peer = new H2Peer(role === "client" ? "server" : "client", (bytes) => {
      const read = Buffer.from(bytes);
      if (this.connection.receive(read, this.now)) read.fill(OVERWRITTEN);
      this.flush();
    });
    this.connection = make(this.common());
    this.flush();
  }

  common() {
    return {
      peer: MEMORY_PEER,
      pool: new BufferPool(),
      now: this.now,
      wake: () => {
        this.wakes++;
      },
      violated: (name: string) => this.violations.push(name),
    };
  }

  /** One turn of the carrier. */
  flush(): void {
    for (let bytes = this.connection.flush(); bytes !== undefined; bytes = this.connection.flush()) {
      this.writes.push(bytes.length);
      this.peer.came(bytes.slice());
      if (this.isHolding) this.held += bytes.length;
      this.connection.sent(this.held);
    }
  }

  tick(ms: number): void {
    this.now += ms;
    this.connection.tick(this.now);
    this.flush();
  }
}

export interface ClientEngineOptions {
  readonly limits?: Partial<Limits>;
  readonly events?: Partial<ConnectionEvents>;
}

/** Our client, a raw server. */
export class ClientEngine extends Driven<H2ClientConnection> {
  constructor({ limits = {}, events = {} }: ClientEngineOptions = {}) {
    super("client", (common) =>
      H2Connection.client({
        ...common,
        limits: { ...clientLimits, ...limits },
        authority: "memory:1",
        events: { openable: () => {}, draining: () => {}, closed: () => {}, ...events },
      }),
    );
  }
}

/** Our server, a raw client. */
export class ServerEngine extends Driven<H2Connection> {
  constructor(accept: Accept, limits: Partial<Limits> = {}) {
    super("server", (common) => H2Connection.server({ ...common, limits: { ...serverLimits, ...limits }, accept }));
  }
}
