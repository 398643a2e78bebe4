import type { Accept, Fields } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { TokenBucket } from "../h2/token-bucket.js";
import { WebSocketConnection, type WebSocketConnectionOptions } from "./web-socket-connection.js";
import { WebSocketExchange } from "./web-socket-exchange.js";
import { CloseCode, type SocketViolation } from "./web-socket-violation.js";
import { FrameType, fieldsIn, numberFrame } from "./web-socket-wire.js";

export interface WebSocketServerOptions extends WebSocketConnectionOptions {
  readonly accept: Accept;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
}

/** A server's end of a socket: takes calls, as many at a time as its first frame says. */
export class WebSocketServerSide extends WebSocketConnection {
  readonly #accept: Accept;
  readonly #now: () => number;
  readonly #resets: TokenBucket;
  #lastCall = 0;
  /** Calls that are open, or whose handler has not settled. */
  #busy = 0;
  #isDraining = false;
  /** When the last call ended, or the socket was opened. */
  #idleSince: number;

  constructor(options: WebSocketServerOptions) {
    super(options);
    this.#accept = options.accept;
    this.#now = options.now;
    this.#idleSince = options.now();
    this.#resets = new TokenBucket(this.limits.resets, this.limits.resetsPerSecond, this.#idleSince);
    this.control(numberFrame(FrameType.Settings, 0, this.limits.maxCalls));
  }

  /** Takes no more calls. The client closes the socket when its last one has ended. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.control(numberFrame(FrameType.Drain, 0, this.#lastCall));
  }

  /** Closes the socket at once. */
  close(): void {
    this.shut(CloseCode.GoingAway);
  }

  /** Does what time has made due. */
  tick(now: number): void {
    this.dropStalled(now);
    const { idleMs, keepaliveTimeoutMs } = this.limits;
    if (this.#busy > 0) this.#idleSince = now;
    if (idleMs === 0) return;
    const idle = now - this.#idleSince;
    if (idle >= idleMs) this.drain();
    if (idle >= idleMs + keepaliveTimeoutMs) this.close();
  }

  released(_exchange: WebSocketExchange): void {
    this.#busy--;
    this.#idleSince = this.#now();
  }

  protected onHead(call: number, [path = "", ...lines]: string[], length: number): SocketViolation | undefined {
    if (call <= this.#lastCall) return "call_number";
    this.#lastCall = call;
    if (this.#isDraining || this.#busy >= this.limits.maxCalls) {
      this.refuse(call, ResetCode.RefusedStream);
    } else if (
      length + 32 * lines.length > this.limits.maxHeaderListBytes ||
      lines.length > this.limits.maxHeaderFields
    ) {
      this.refuse(call, ResetCode.EnhanceYourCalm);
    } else {
      const fields = fieldsIn(lines, 0);
      if (fields === undefined) return "malformed_fields";
      if (!path.startsWith("/")) return "malformed_head";
      this.#open(call, path, fields);
    }
    return undefined;
  }

  protected onEnd(exchange: WebSocketExchange, lines: string[]): SocketViolation | undefined {
    if (exchange.peerEnded) return "frame_call";
    if (lines.length > 0) return "malformed_fields";
    exchange.peerEnded = true;
    exchange.sink?.end(NO_FIELDS);
    return undefined;
  }

  protected onReset(): SocketViolation | undefined {
    return this.#resets.take(this.#now()) ? undefined : "too_many_resets";
  }

  protected onControl(): undefined {}

  protected isIdle(call: number): boolean {
    return call > this.#lastCall;
  }

  /** The client has its answer: what it is sending yet concerns nobody. */
  protected sendingEnded(exchange: WebSocketExchange): void {
    this.closeExchange(exchange, exchange.peerEnded ? undefined : ResetCode.NoError);
  }

  protected closed(exchange: WebSocketExchange): void {
    if (exchange.isReleased) this.released(exchange);
  }

  protected settled(): void {}

  protected over(): void {}

  #open(call: number, path: string, fields: Fields): void {
    const exchange = new WebSocketExchange(this, path, fields, true);
    exchange.call = call;
    this.#busy++;
    this.enter(exchange);
    const sink = this.#accept(exchange);
    exchange.sink = sink;
    if (exchange.isClosed) sink.closed(exchange.code);
  }
}

const NO_FIELDS: Fields = [];
