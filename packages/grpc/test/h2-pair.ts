/** Two engines joined in memory: what one flushes the other receives, cut anywhere. What may be overwritten afterwards, is. */
import type { Accept, ConnectionEvents, Peer } from "../src/exchange.js";
import { BufferPool } from "../src/h2/buffer-pool.js";
import { type H2ClientConnection, H2Connection } from "../src/h2/connection.js";
import { clientLimits, type Limits, serverLimits } from "../src/h2/limits.js";

export interface PairOptions {
  readonly server?: Partial<Limits>;
  readonly client?: Partial<Limits>;
  readonly events?: Partial<ConnectionEvents>;
  /** The length of the next read out of so many bytes. Default: all of them. */
  readonly cut?: (bytes: number) => number;
}

export const MEMORY_PEER: Peer = { carrier: "h2", address: "memory", secure: false, certificate: () => undefined };

/** What a read becomes: no text, and no varint that ends. */
export const OVERWRITTEN = 0xff;

/** One direction: a socket's queue, read a piece at a time. */
class Pipe {
  readonly #queue: Uint8Array[] = [];
  #bytes = 0;

  get size(): number {
    return this.#bytes;
  }

  write(bytes: Uint8Array): void {
    // The engine writes into its buffers again once it knows that they are sent.
    this.#queue.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
  }

  read(cut: (bytes: number) => number): Uint8Array | undefined {
    const first = this.#queue.shift();
    if (first === undefined) return undefined;
    const length = Math.max(1, Math.min(first.length, cut(first.length)));
    if (length < first.length) this.#queue.unshift(first.subarray(length));
    this.#bytes -= length;
    return first.subarray(0, length);
  }
}

/** A client and a server, and the clock of both. */
export class H2Pair {
  readonly client: H2ClientConnection;
  readonly server: H2Connection;
  /** Names of what either side found wrong. */
  readonly violations: string[] = [];
  now = 1;
  /** Reads that nobody looked at any more. */
  overwritten = 0;
  readonly #cut: (bytes: number) => number;
  readonly #up = new Pipe();
  readonly #down = new Pipe();
  #isScheduled = false;
  #isCut = false;

  constructor(accept: Accept, { server = {}, client = {}, events = {}, cut = (bytes) => bytes }: PairOptions = {}) {
    this.#cut = cut;
    const common = {
      peer: MEMORY_PEER,
      pool: new BufferPool(),
      now: this.now,
      wake: () => this.schedule(),
      violated: (name: string) => this.violations.push(name),
    };
    this.server = H2Connection.server({ ...common, limits: { ...serverLimits, ...server }, accept });
    this.client = H2Connection.client({
      ...common,
      limits: { ...clientLimits, ...client },
      authority: "memory:1",
      events: { openable: () => {}, draining: () => {}, closed: () => {}, ...events },
    });
    this.schedule();
  }

  /** Lets both sides go on in the next turn of the event loop. */
  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.step()) this.schedule();
    });
  }

  /** One read and one flush of each side. False when nothing moves any more. */
  step(): boolean {
    this.#flush(this.client, this.#up);
    this.#flush(this.server, this.#down);
    const toServer = this.#up.read(this.#cut);
    if (toServer !== undefined && !this.#isCut) this.#receive(this.server, toServer);
    const toClient = this.#down.read(this.#cut);
    if (toClient !== undefined && !this.#isCut) this.#receive(this.client, toClient);
    this.#flush(this.client, this.#up);
    this.#flush(this.server, this.#down);
    if (this.#up.size === 0 && this.client.wantsClose) this.server.lost();
    if (this.#down.size === 0 && this.server.wantsClose) this.client.lost();
    return this.#up.size + this.#down.size > 0;
  }

  /** Works everything off at once. */
  settle(): void {
    while (this.step());
  }

  /** Moves the clock of both. */
  tick(ms: number): void {
    this.now += ms;
    this.client.tick(this.now);
    this.server.tick(this.now);
  }

  /** What is on its way is lost, and both sides hear of it. */
  cut(): void {
    this.#isCut = true;
    this.client.lost();
    this.server.lost();
  }

  #receive(at: H2Connection | H2ClientConnection, bytes: Uint8Array): void {
    if (!at.receive(bytes, this.now)) return;
    bytes.fill(OVERWRITTEN);
    this.overwritten++;
  }

  #flush(from: H2Connection | H2ClientConnection, to: Pipe): void {
    from.sent(to.size);
    for (let bytes = from.flush(); bytes !== undefined; bytes = from.flush()) {
      to.write(bytes);
      from.sent(to.size);
    }
  }
}
