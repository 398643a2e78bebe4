import type { Connection, ConnectionEvents } from "../exchange.js";
import { Backoff, type BackoffOptions } from "./backoff.js";
import type { Clock } from "./clock.js";

/**
 * Connects once.
 *
 * @param signal gives up
 * @throws {Error} whose message is for the user
 */
export type Connect = (events: ConnectionEvents, signal: AbortSignal) => Promise<Connection>;

export interface SubchannelOptions {
  /** Where it connects to, for messages. */
  readonly name: string;
  readonly connect: Connect;
  readonly backoff: BackoffOptions;
  readonly clock: Clock;
  /** A connection has gone or an attempt has failed. */
  readonly onLoss?: () => void;
}

interface Waiter {
  readonly waitForReady: boolean;
  resolve(connection: Connection): void;
  reject(reason: Error): void;
}

/**
 * One connection to one place, made when it is needed and again when it is gone:
 *
 *     idle -> connecting -> ready -> idle       lost, or drained by the server
 *                 |
 *                 +-> backing off -> idle       an attempt failed: calls fail with its error until the wait is over
 *                          +------> connecting  if a call waits for ready
 */
export class Subchannel {
  readonly #options: SubchannelOptions;
  readonly #backoff: Backoff;
  /** The connection that takes exchanges. */
  #ready: Connection | undefined;
  /** All that are open, also those that the server drains, and who waits for their end. */
  readonly #open = new Map<Connection, () => void>();
  #attempt: AbortController | undefined;
  #waiters: Waiter[] = [];
  #stopWaiting: (() => void) | undefined;
  #lastError: Error | undefined;
  #isClosed = false;

  constructor(options: SubchannelOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.backoff, options.clock);
  }

  /** The connection, if there is one now that takes exchanges. */
  get ready(): Connection | undefined {
    return this.#ready;
  }

  /** See {@link Transport.connection}. */
  connection(waitForReady: boolean): Connection | Promise<Connection> {
    if (this.#ready !== undefined) return this.#ready;
    if (this.#isClosed) return Promise.reject(closedError());
    const isBackingOff = this.#attempt === undefined && this.#backoff.leftMs > 0;
    if (isBackingOff && !waitForReady && this.#lastError !== undefined) return Promise.reject(this.#lastError);
    return new Promise((resolve, reject) => {
      this.#waiters.push({ waitForReady, resolve, reject });
      this.#connectWhenDue();
    });
  }

  /** Connects, if nothing holds it up, without anybody waiting for it. */
  wake(): void {
    const isBusy = this.#ready !== undefined || this.#attempt !== undefined || this.#isClosed;
    if (!isBusy && this.#backoff.leftMs === 0) this.#connect();
  }

  /** Takes no more calls, and lets those that run end. Resolves when nothing is open. */
  retire(): Promise<void> {
    return this.#end((connection) => connection.drain());
  }

  /** Closes everything at once. Resolves when it is. */
  close(): Promise<void> {
    return this.#end((connection) => connection.close());
  }

  async #end(how: (connection: Connection) => void): Promise<void> {
    this.#shut();
    const ended = [...this.#open].map(([connection, told]) => {
      const closed = new Promise<void>((resolve) => {
        this.#open.set(connection, () => {
          told();
          resolve();
        });
      });
      how(connection);
      return closed;
    });
    await Promise.all(ended);
  }

  #shut(): void {
    this.#isClosed = true;
    this.#ready = undefined;
    this.#attempt?.abort(closedError());
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    for (const { reject } of this.#waiters.splice(0)) reject(closedError());
  }

  #connectWhenDue(): void {
    if (this.#attempt !== undefined || this.#stopWaiting !== undefined || this.#waiters.length === 0) return;
    const { leftMs } = this.#backoff;
    if (leftMs === 0) {
      this.#connect();
      return;
    }
    this.#stopWaiting = this.#options.clock.after(leftMs, () => {
      this.#stopWaiting = undefined;
      this.#connect();
    });
  }

  #connect(): void {
    const { name, clock, connect } = this.#options;
    const attempt = new AbortController();
    this.#attempt = attempt;
    const timeoutMs = this.#backoff.start();
    const seconds = Math.round(timeoutMs / 100) / 10;
    const stopTimer = clock.after(timeoutMs, () =>
      attempt.abort(new Error(`${name} did not answer within ${seconds} s`)),
    );
    let connection: Connection | undefined;
    // What is told before the connection is here makes it useless.
    let isGone = false;
    const gone = () => {
      isGone = true;
      if (connection !== undefined && this.#ready === connection) {
        this.#ready = undefined;
        this.#options.onLoss?.();
      }
    };
    const events: ConnectionEvents = {
      openable: () => {},
      draining: gone,
      closed: () => {
        gone();
        if (connection === undefined) return;
        this.#open.get(connection)?.();
        this.#open.delete(connection);
      },
    };
    connect(events, attempt.signal).then(
      (made) => {
        stopTimer();
        connection = made;
        this.#attempt = undefined;
        if (!isGone && !this.#isClosed) {
          this.#succeed(made);
          return;
        }
        made.close();
        this.#fail(new Error(`${name} closed the connection at once`));
      },
      (error: Error) => {
        stopTimer();
        this.#attempt = undefined;
        this.#fail(error);
      },
    );
  }

  #succeed(connection: Connection): void {
    this.#backoff.reset();
    this.#ready = connection;
    this.#open.set(connection, () => {});
    for (const { resolve } of this.#waiters.splice(0)) resolve(connection);
  }

  #fail(error: Error): void {
    this.#lastError = error;
    const failing = this.#waiters.filter(({ waitForReady }) => !waitForReady);
    this.#waiters = this.#waiters.filter(({ waitForReady }) => waitForReady);
    for (const { reject } of failing) reject(error);
    if (this.#isClosed) return;
    this.#options.onLoss?.();
    this.#connectWhenDue();
  }
}

function closedError(): Error {
  return new Error("the transport is closed");
}
