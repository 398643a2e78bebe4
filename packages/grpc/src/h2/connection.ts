import type { Accept, Connection, ConnectionEvents, Exchange, HeaderBlock, Peer, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import type { BufferPool } from "./buffer-pool.js";
import { ClientSide } from "./client-side.js";
import { Drain } from "./drain.js";
import { FrameReader } from "./frame-reader.js";
import { Incoming } from "./incoming.js";
import { Keepalive } from "./keepalive.js";
import type { Limits } from "./limits.js";
import type { Role } from "./role.js";
import { Sender } from "./sender.js";
import { ServerSide } from "./server-side.js";
import { ourSettings } from "./settings.js";
import type { H2Stream } from "./stream.js";
import { Streams } from "./streams.js";
import { Violation } from "./violation.js";
import { MAX_31 } from "./wire.js";

/** What both roles need. */
export interface H2Options {
  readonly peer: Peer;
  readonly limits: Limits;
  /** Output buffers, shared by as many connections as there are. */
  readonly pool: BufferPool;
  /** Milliseconds on a clock that only goes forward: the one that `receive()` and `tick()` get. */
  readonly now: number;
  /** Between 0 and 1: spreads the ages at which connections end. */
  readonly jitter?: number;
  /**
   * Something is to be sent, or told, that no `receive()` brought: call `flush()` later in this turn of the event loop,
   * after the other callbacks that are ready (setImmediate), not from within. At most once until `flush()` has returned
   * undefined.
   */
  wake(): void;
  /**
   * A rule was broken or a limit reached: its name, for metric and log.
   *
   * @param cause what a sink has thrown, with the name "internal"
   */
  violated?(name: string, cause?: unknown): void;
}

export interface H2ServerOptions extends H2Options {
  readonly accept: Accept;
}

export interface H2ClientOptions extends H2Options {
  readonly events: ConnectionEvents;
  /** For :authority: host and port as the user named them. */
  readonly authority: string;
}

/**
 * An HTTP/2 connection (RFC 9113) without I/O. Its carrier does this, and nothing else:
 *
 *     receive(bytes, now)          for each read, then
 *     flush() until undefined      each result is one write; after each, sent(bytes that the socket still holds)
 *     wantsClose                   after that: end the socket, and destroy it `lingerMs` later
 *     pausedReading                after that: read on only when the socket has taken what it holds
 *     sent(n), flush()             when the socket has taken something
 *     tick(now)                    at the latest when the last tick said; once a second is enough for all connections
 *     lost(error)                  when the socket has ended, however
 */
export class H2Connection<R extends Role = Role> {
  readonly peer: Peer;
  protected readonly role: R;
  readonly #sender: Sender;
  readonly #options: H2Options;
  readonly #limits: Limits;
  readonly #streams: Streams;
  readonly #reader: FrameReader;
  readonly #incoming: Incoming;
  readonly #keepalive: Keepalive;
  readonly #startedAt: number;
  readonly #drainAt: number;
  #idleSince: number | undefined = undefined;
  #drain: Drain | undefined = undefined;
  #isOver = false;

  /** The server's end: its first bytes are there to be flushed. */
  static server(options: H2ServerOptions): H2Connection {
    return new H2Connection(
      options,
      true,
      (streams, sender) => new ServerSide(options.limits, streams, sender, options.accept),
    );
  }

  /** The client's end. Exchanges may be opened at once. */
  static client(options: H2ClientOptions): H2ClientConnection {
    return new H2ClientConnection(options);
  }

  protected constructor(options: H2Options, isServer: boolean, role: (streams: Streams, sender: Sender) => R) {
    const { limits, now } = options;
    this.#options = options;
    this.#limits = limits;
    this.peer = options.peer;
    this.#sender = new Sender(limits, options.pool, options.wake, (stream) => this.#streams.sendingEnded(stream));
    this.#streams = new Streams(options, isServer, this.#sender, {
      fail: (violation) => this.#fail(violation),
      note: (violation) => options.violated?.(violation.name),
      freed: () => this.role.freed(),
    });
    this.role = role(this.#streams, this.#sender);
    this.#incoming = new Incoming(limits, this.#sender, this.#streams, this.role, {
      fail: (violation) => this.#fail(violation),
      ponged: (data) => {
        if (data === DRAIN_PING) this.#settle();
      },
    });
    this.#reader = new FrameReader(this.#incoming, limits.maxFrameBytes, this.role.isServer);
    this.#keepalive = new Keepalive(limits, now);
    this.#startedAt = now;
    this.#drainAt = limits.maxAgeMs > 0 ? now + limits.maxAgeMs * (0.9 + 0.2 * (options.jitter ?? 0.5)) : NEVER;
    if (!this.role.isServer) this.#sender.preface();
    this.#sender.settings(ourSettings(limits, this.role.isServer));
    this.#streams.announce();
  }

  /** The socket is to be ended, as soon as `flush()` has nothing more. */
  get wantsClose(): boolean {
    return this.#isOver;
  }

  /** The peer makes us write more than it reads: do not read on until the socket is empty. */
  get pausedReading(): boolean {
    const { pauseAtControlFrames, connectionBufferBytes } = this.#limits;
    return this.#sender.controlFrames >= pauseAtControlFrames || this.#sender.unsent >= connectionBufferBytes;
  }

  /** The peer's SETTINGS have come: it speaks HTTP/2. */
  get isReady(): boolean {
    return this.#incoming.hasSettings;
  }

  /** Streams that are open. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /**
   * Works off what one read brought: sinks are called from within, and answers collect for `flush()`.
   *
   * @returns true: nobody looks at the bytes any more. Else they are handed over, and must never be overwritten
   */
  receive(bytes: Uint8Array, now: number): boolean {
    if (this.#isOver) return true;
    let isUsed = false;
    this.#streams.now = now;
    this.#keepalive.received(now);
    this.#sender.keepAwake();
    try {
      this.#reader.read(bytes);
      isUsed = this.#streams.turn();
    } catch (error) {
      this.#fail(Violation.Internal, error);
    }
    if (this.#sender.controlFrames > this.#limits.maxControlFrames) this.#fail(Violation.ControlQueue);
    return isUsed;
  }

  /**
   * The next bytes for the socket, good until `sent(0)`; undefined ends the turn. Sinks are called from within, and
   * write what there is room for.
   */
  flush(): Uint8Array | undefined {
    try {
      this.role.catchUp();
      if (this.#sender.waiting > this.#limits.maxQueuedBytes) this.#fail(Violation.QueuedBytes);
      const bytes = this.#sender.flush();
      if (bytes !== undefined || this.#isOver || !this.role.isDone) return bytes;
    } catch (error) {
      this.#fail(Violation.Internal, error);
      return this.#sender.flush();
    }
    if (!this.role.isServer) this.#sender.goAway(0, ResetCode.NoError, "");
    this.#finish(undefined);
    return this.#sender.flush();
  }

  /** The socket holds so many bytes that it has not given to the system yet. */
  sent(socketBytes: number): void {
    this.#sender.sent(socketBytes);
  }

  /**
   * Does what is due with time.
   *
   * @returns when to be called again at the latest, on the same clock; undefined: never
   */
  tick(now: number): number | undefined {
    if (this.#isOver) return undefined;
    this.#streams.now = now;
    try {
      return this.#tick(now);
    } catch (error) {
      this.#fail(Violation.Internal, error);
      return undefined;
    }
  }

  #tick(now: number): number | undefined {
    const { handshakeMs, idleMs } = this.#limits;
    if (!this.#incoming.hasSettings && now >= this.#startedAt + handshakeMs) this.#fail(Violation.Handshake);
    else if (this.#sender.isStalled(now)) this.#fail(Violation.StalledReader);
    else this.#keepAlive(now);
    this.#streams.dropStalled(now);
    if (this.#streams.taken > 0) this.#idleSince = undefined;
    else this.#idleSince ??= now;
    const idleAt = idleMs > 0 && this.#idleSince !== undefined ? this.#idleSince + idleMs : NEVER;
    if (now >= idleAt || now >= this.#drainAt) this.rest();
    this.#checkDrain(now);
    if (this.#isOver) return undefined;
    return Math.min(
      this.#incoming.hasSettings ? NEVER : this.#startedAt + handshakeMs,
      this.#keepalive.deadline,
      this.#drain === undefined ? Math.min(idleAt, this.#drainAt) : this.#drain.deadline(now),
      // What begins to stall, begins between two ticks.
      this.#streams.size > 0 || this.#sender.waiting > 0 ? now + BUSY_TICK_MS : now + IDLE_TICK_MS,
    );
  }

  /**
   * Ends the connection without losing a request that is on its way; it wants to close when the last exchange has
   * ended.
   */
  drain(): void {
    if (this.#isOver || this.#drain !== undefined) return;
    this.#drain = new Drain(this.#limits);
    this.#sender.goAway(MAX_31, ResetCode.NoError, "");
    this.#sender.ping(DRAIN_PING);
  }

  /** Idle or old enough: drains of its own accord. */
  protected rest(): void {
    this.drain();
  }

  /** Ends the connection at once: exchanges close with ConnectionLost. */
  close(): void {
    if (this.#isOver) return;
    this.#sender.goAway(this.role.lastStream, ResetCode.NoError, "");
    this.#finish(undefined);
  }

  /** The socket has ended, or failed. Exchanges close with ConnectionLost. */
  lost(error?: Error): void {
    this.#sender.clear();
    this.#sender.sent(0);
    if (!this.#isOver) this.#finish(error ?? new Error("The connection has ended"));
  }

  #keepAlive(now: number): void {
    const action = this.#keepalive.check(now);
    if (action === "ping") this.#sender.ping(KEEPALIVE_PING);
    else if (action === "dead") this.#fail(Violation.Keepalive);
  }

  #checkDrain(now: number): void {
    const action = this.#drain?.check(now);
    if (action === "settle") this.#settle();
    else if (action === "cut") this.close();
  }

  /** The peer has heard of our drain: what it opens from here on, it has been told not to. */
  #settle(): void {
    if (this.#drain === undefined || this.#drain.isSettled) return;
    this.#drain.isSettled = true;
    this.role.stop();
    this.#sender.goAway(this.role.lastStream, ResetCode.NoError, "");
  }

  #fail(violation: Violation, cause?: unknown): void {
    if (this.#isOver) return;
    this.#options.violated?.(violation.name, cause);
    this.#sender.goAway(this.role.lastStream, violation.code, violation.name);
    const reason = new Error(`HTTP/2 connection failed: ${violation.name}`, { cause });
    this.#finish(reason, reason);
  }

  /** A sink that throws must not keep the others from hearing of the end. */
  #cut(stream: H2Stream, reason: Error | undefined): void {
    try {
      this.#streams.close(stream, ResetCode.ConnectionLost, reason);
    } catch (error) {
      this.#options.violated?.(Violation.Internal.name, error);
    }
  }

  /** @param told what sinks are told beside the code: of what the socket says, the carrier knows more */
  #finish(reason: Error | undefined, told?: Error): void {
    this.#isOver = true;
    this.#reader.stop();
    // First, or what waits would leave as places become free.
    this.role.stop();
    for (const stream of this.#streams.all()) this.#cut(stream, told);
    this.role.over(reason);
    this.#sender.wake();
  }
}

/** The client's end of a connection. */
export class H2ClientConnection extends H2Connection<ClientSide> implements Connection {
  constructor(options: H2ClientOptions) {
    const { authority, limits } = options;
    const scheme = options.peer.secure ? "https" : "http";
    const request = { authority, scheme, maxInterimResponses: limits.maxInterimResponses };
    super(options, false, (streams, sender) => new ClientSide(streams, sender, options.events, request));
  }

  get openable(): number {
    return this.role.openable;
  }

  open(path: string, head: HeaderBlock, sink: Sink, verb?: string): Exchange {
    return this.role.open(path, head, sink, verb);
  }

  override drain(): void {
    this.role.stop();
  }

  protected override rest(): void {
    this.role.rest();
  }
}

const NEVER = Number.POSITIVE_INFINITY;
/** A stall is seen this much later, at most. */
const BUSY_TICK_MS = 1000;
const IDLE_TICK_MS = 10_000;
/** What our PINGs carry, to tell them apart in a trace. */
const DRAIN_PING = 0x64726e21;
const KEEPALIVE_PING = 0x6b656570;
