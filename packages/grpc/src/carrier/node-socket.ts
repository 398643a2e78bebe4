/** Bytes between a socket and the HTTP/2 engine: a read, all that it brings, one write. */
import type { Socket } from "node:net";
import { nextTick } from "node:process";
import type { H2Connection } from "../h2/connection.js";
import type { ReadMemory } from "./node-read-memory.js";
import type { Ticker, Ticking } from "./node-ticker.js";

export interface SocketDriverOptions {
  readonly ticker: Ticker;
  /** Milliseconds between ending the socket and cutting it. */
  readonly lingerMs: number;
  /** What the socket reads into, if that is ours. */
  readonly memory: ReadMemory | undefined;
  /** Called after each read and each write. */
  readonly onProgress?: () => void;
}

export class SocketDriver<C extends H2Connection = H2Connection> implements Ticking {
  readonly connection: C;
  readonly #socket: Socket;
  readonly #ticker: Ticker;
  readonly #lingerMs: number;
  readonly #onProgress: () => void;
  /** What the socket held after the last write; until it has taken that, each write that it takes is news. */
  #held = 0;
  /** Whether the last write was not taken at once. */
  #isLate = false;
  #tickAt = 0;
  #error: Error | undefined;
  #isEnding = false;
  /** One for all writes, so that those of a turn share one callback. */
  readonly #onTaken = () => this.#taken();
  readonly #onWake = () => this.flush();
  /** Whether it was woken since the last read. */
  #wasWoken = false;

  /** @param make makes the connection; it calls `wake` when it has something to send that no read brought */
  constructor(socket: Socket, make: (wake: () => void) => C, options: SocketDriverOptions) {
    this.#socket = socket;
    this.#ticker = options.ticker;
    this.#lingerMs = options.lingerMs;
    this.#onProgress = options.onProgress ?? (() => {});
    const connection = make(() => this.#wake());
    this.connection = connection;
    const receive = (bytes: Buffer): boolean => {
      this.#wasWoken = false;
      const isUsed = connection.receive(bytes, performance.now());
      this.flush();
      return isUsed;
    };
    if (options.memory === undefined) socket.on("data", receive);
    else options.memory.receive = receive;
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => {
      this.#ticker.delete(this);
      connection.lost(this.#error);
      this.flush();
    });
    this.#ticker.add(this);
  }

  /** What broke the socket, if it did not just end. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Sends what the engine has to send, and does what it asks for. */
  flush(): void {
    const { connection } = this;
    const socket = this.#socket;
    for (let bytes = connection.flush(); bytes !== undefined; bytes = connection.flush()) {
      if (socket.destroyed || socket.errored !== null) {
        // Its close comes later. Until then the engine would produce all that it has for nobody: a failed write calls back too.
        connection.lost(socket.errored ?? undefined);
        break;
      }
      this.#write(bytes);
    }
    this.#onProgress();
    if (connection.wantsClose) this.#end();
    else if (connection.pausedReading) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  /** Takes no more exchanges, and ends the socket when the last has ended. */
  drain(): void {
    this.connection.drain();
    this.#tickAt = 0;
    this.flush();
  }

  /** Ends the socket at once. */
  close(): void {
    this.connection.close();
    this.flush();
  }

  tick(now: number): void {
    if (now < this.#tickAt) return;
    this.#tickAt = this.connection.tick(now) ?? Number.POSITIVE_INFINITY;
    this.flush();
  }

  /**
   * In clear the kernel nearly always takes all at once, and a callback would cost a turn of Node's queue for nothing. If it does
   * not, an empty write behind it tells when it has. TLS never does, and pays for an empty write: from then on, callbacks.
   */
  #write(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (this.#held > 0 || this.#isLate) socket.write(bytes, this.#onTaken);
    else socket.write(bytes);
    const held = socket.writableLength;
    if (held > 0 && this.#held === 0 && !this.#isLate) socket.write(NOTHING, this.#onTaken);
    this.#isLate = held > 0;
    this.#held = held;
    this.connection.sent(held);
  }

  /**
   * What is first written after a read leaves when the running code is done: to wait for a turn of the event loop would cost one call
   * at a time a sixth. What follows comes from other callbacks, and leaves together after those that are ready.
   */
  #wake(): void {
    if (this.#wasWoken) setImmediate(this.#onWake);
    else nextTick(this.#onWake);
    this.#wasWoken = true;
  }

  #taken(): void {
    if (this.#held === 0) return;
    this.#held = this.#socket.writableLength;
    this.connection.sent(this.#held);
    this.flush();
  }

  /** Reads on while it ends: bytes that nobody read make the system cut the connection, and what was sent last is lost. */
  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#ticker.delete(this);
    const socket = this.#socket;
    socket.resume();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), this.#lingerMs).unref();
    socket.once("close", () => clearTimeout(timer));
  }
}

/** What follows bytes that the kernel did not take at once: its callback tells when it has. */
const NOTHING = new Uint8Array(0);
