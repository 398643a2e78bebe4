/** Client and server joined in memory: the seam without a network, for tests and for both sides in one process. */
import type { Accept, Connection, ConnectionEvents, Exchange, HeaderBlock, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { MEMORY, MemoryExchange } from "./memory-exchange.js";

export interface MemoryOptions {
  /** How many exchanges may run at a time; those beyond wait. Default 1000. */
  readonly maxExchanges?: number;
  readonly events?: Partial<ConnectionEvents>;
}

/** Turns in a row in microtasks. Then timers get their chance, or an endless stream would never reach its deadline. */
const TURNS_IN_A_ROW = 100;

/** A connection whose other side is `accept`. What one side sends reaches the other in the next turn, never within a call. */
export function memoryPair(accept: Accept, options: MemoryOptions = {}): Connection {
  return new MemoryConnection(accept, options);
}

class MemoryConnection implements Connection {
  readonly peer = MEMORY;
  readonly #accept: Accept;
  readonly #events: Partial<ConnectionEvents>;
  readonly #maxExchanges: number;
  readonly #live = new Set<MemoryExchange>();
  readonly #waiting = new Set<MemoryExchange>();
  /** Slots in use: until an exchange is closed and its handler has settled. */
  #busy = 0;
  #draining = false;
  #closed = false;
  #due: MemoryExchange[] = [];
  #turns = 0;

  constructor(accept: Accept, { maxExchanges = 1000, events = {} }: MemoryOptions) {
    this.#accept = accept;
    this.#events = events;
    this.#maxExchanges = maxExchanges;
  }

  get openable(): number {
    return this.#draining ? 0 : Math.max(0, this.#maxExchanges - this.#busy - this.#waiting.size);
  }

  open(path: string, head: HeaderBlock, sink: Sink, verb = "POST"): Exchange {
    const client = new MemoryExchange(this, verb, path, head.fields, sink);
    if (this.#draining) {
      client.reset(ResetCode.RefusedStream);
      return client;
    }
    this.#live.add(client);
    if (this.#busy < this.#maxExchanges) this.#start(client);
    else this.#waiting.add(client);
    return client;
  }

  drain(): void {
    this.#draining = true;
    this.#closeIfDone();
  }

  close(): void {
    this.#draining = true;
    for (const client of this.#live) {
      client.reset(this.#waiting.has(client) ? ResetCode.RefusedStream : ResetCode.ConnectionLost);
    }
    this.#closeIfDone();
  }

  /** Has the news of this exchange told in the next turn. */
  schedule(exchange: MemoryExchange): void {
    if (this.#due.length === 0) {
      if (++this.#turns % TURNS_IN_A_ROW === 0) setTimeout(() => this.#turn(), 0);
      else queueMicrotask(() => this.#turn());
    }
    this.#due.push(exchange);
  }

  /** The client's side has closed. */
  ended(client: MemoryExchange): void {
    this.#live.delete(client);
    this.#waiting.delete(client);
    this.#closeIfDone();
  }

  /** The server's side has closed, and its handler has settled. */
  free(): void {
    const wasFull = this.openable === 0;
    this.#busy--;
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      this.#start(next);
      break;
    }
    if (wasFull && this.openable > 0) this.#events.openable?.();
  }

  #start(client: MemoryExchange): void {
    this.#busy++;
    this.schedule(client.answeredBy(this.#accept));
    this.schedule(client);
  }

  #turn(): void {
    const due = this.#due;
    this.#due = [];
    for (const exchange of due) exchange.tell();
  }

  #closeIfDone(): void {
    if (!this.#draining || this.#live.size > 0 || this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => this.#events.closed?.(undefined));
  }
}
