import type { Exchange, Fields, ResetCode, Sink } from "../../src/exchange.js";

/** A sink that keeps what it is told, and lets a test wait for it. */
export class Recorder implements Sink {
  /** Set before anything is told. */
  exchange: Exchange = UNSET;
  status = 0;
  fields: Fields = [];
  readonly chunks: Uint8Array[] = [];
  received = 0;
  turns = 0;
  trailers: Fields | undefined;
  writables = 0;
  isClosed = false;
  code: ResetCode | undefined;
  /** Gives window back as data come. */
  consumes = true;
  /** The server's handler settles with the close. */
  releases = true;
  /** What to do once a read has brought data. */
  onTurn: (() => void) | undefined;
  #unread = 0;
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  head(status: number, fields: Fields): void {
    this.status = status;
    this.fields = fields;
    this.#check();
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.chunks.push(new Uint8Array(bytes.subarray(start, end)));
    this.received += end - start;
    this.#unread += end - start;
    if (this.consumes) this.consume();
    this.#check();
  }

  turn(): true {
    this.turns++;
    this.onTurn?.();
    this.#check();
    return true;
  }

  end(trailers: Fields): true {
    this.trailers = trailers;
    this.#check();
    return true;
  }

  writable(): void {
    this.writables++;
    this.#check();
  }

  closed(code: ResetCode | undefined): void {
    this.isClosed = true;
    this.code = code;
    if (this.releases) this.exchange.release();
    this.#check();
  }

  /** Gives back what has come so far. */
  consume(): void {
    const bytes = this.#unread;
    this.#unread = 0;
    this.exchange.consumed(bytes);
  }

  /** Resolves when something that was told has made this true. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ holds, resolve }));
  }

  untilHead(): Promise<void> {
    return this.until(() => this.status !== 0);
  }

  untilBytes(count: number): Promise<void> {
    return this.until(() => this.received >= count);
  }

  untilEnd(): Promise<void> {
    return this.until(() => this.trailers !== undefined);
  }

  async untilClosed(): Promise<ResetCode | undefined> {
    await this.until(() => this.isClosed);
    return this.code;
  }

  get body(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Writes all of it, waiting whenever it is told to. Resolves to how often it was. */
  async send(bytes: Uint8Array, chunkBytes: number): Promise<number> {
    let waits = 0;
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      const before = this.writables;
      if (this.exchange.write(bytes, start, Math.min(bytes.length, start + chunkBytes))) continue;
      waits++;
      await this.until(() => this.writables > before || this.isClosed);
    }
    return waits;
  }

  #check(): void {
    const held = this.#waiting.filter(({ holds }) => holds());
    this.#waiting = this.#waiting.filter((waiter) => !held.includes(waiter));
    for (const { resolve } of held) resolve();
  }
}

const UNSET: Exchange = new Proxy({} as Exchange, {
  get: () => {
    throw new Error("a sink was called before its exchange was known");
  },
});
