import type { Connection, ConnectionEvents, Exchange, HeaderBlock, Sink } from "../exchange.js";
import { ResetCode } from "../exchange.js";
import { Fifo } from "../h2/fifo.js";
import { WebSocketConnection, type WebSocketConnectionOptions } from "./web-socket-connection.js";
import { WebSocketExchange } from "./web-socket-exchange.js";
import { CloseCode, type SocketViolation } from "./web-socket-violation.js";
import { FrameType, fieldsIn, readUint32 } from "./web-socket-wire.js";

export interface WebSocketClientOptions extends WebSocketConnectionOptions {
  readonly events: ConnectionEvents;
  /** The server has said what it takes. */
  readonly ready: () => void;
}

interface Waiting {
  readonly exchange: WebSocketExchange;
  readonly block: HeaderBlock;
}

/** A client's end of a socket: opens calls, as many at a time as the server takes, and lets the others wait. */
export class WebSocketClientSide extends WebSocketConnection implements Connection {
  readonly #events: ConnectionEvents;
  readonly #ready: () => void;
  readonly #waiting = new Fifo<Waiting>();
  #maxCalls = 0;
  #lastCall = 0;
  #isDraining = false;
  /** By us, and not by its server. */
  #isDrained = false;
  #wasOpenable = false;

  constructor(options: WebSocketClientOptions) {
    super(options);
    this.#events = options.events;
    this.#ready = options.ready;
  }

  get openable(): number {
    if (this.#isDraining || this.isOver) return 0;
    return Math.max(0, this.#maxCalls - this.calls.size - this.#waiting.length);
  }

  open(path: string, head: HeaderBlock, sink: Sink): Exchange {
    const exchange = new WebSocketExchange(this, path, head.fields, false);
    exchange.sink = sink;
    if (this.#isDraining || this.isOver) queueMicrotask(() => this.closeExchange(exchange, ResetCode.RefusedStream));
    else if (this.openable > 0) this.#leave(exchange, head);
    else this.#waiting.push({ exchange, block: head });
    this.#wasOpenable = this.openable > 0;
    return exchange;
  }

  drain(): void {
    this.#isDrained = true;
    this.#stop();
    this.wake();
  }

  close(): void {
    this.#isDrained = true;
    this.shut(CloseCode.Normal);
  }

  released(): void {}

  protected onHead(call: number, [status = "", ...lines]: string[]): SocketViolation | undefined {
    const exchange = this.calls.get(call);
    if (exchange === undefined) return this.isIdle(call) ? "idle_call" : undefined;
    if (exchange.headReceived || !/^[1-5][0-9]{2}$/.test(status)) return "malformed_head";
    const fields = fieldsIn(lines, 0);
    if (fields === undefined) return "malformed_fields";
    exchange.headReceived = true;
    exchange.sink?.head(Number(status), fields);
    return undefined;
  }

  protected onEnd(exchange: WebSocketExchange, lines: string[]): SocketViolation | undefined {
    const fields = fieldsIn(lines, 0);
    if (fields === undefined) return "malformed_fields";
    if (!exchange.headReceived) exchange.sink?.head(200, fields);
    if (exchange.isClosed) return undefined;
    exchange.peerEnded = true;
    exchange.sink?.end(fields);
    this.closeExchange(exchange, exchange.endSent ? undefined : ResetCode.NoError);
    return undefined;
  }

  protected onReset(): undefined {}

  protected onControl(
    type: number,
    _call: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): SocketViolation | undefined {
    if (type === FrameType.Drain) {
      if (!this.#isDraining) this.#events.draining();
      this.#stop();
    } else if (type === FrameType.Settings) {
      if (end - start < 4) return "frame_size";
      this.#maxCalls = readUint32(bytes, start);
      this.#ready();
      this.#advance();
    }
    return undefined;
  }

  protected isIdle(call: number): boolean {
    return call > this.#lastCall;
  }

  protected sendingEnded(): void {}

  protected closed(): void {
    this.#advance();
  }

  protected settled(): void {
    if (this.#isDraining && this.calls.size === 0) this.shut(CloseCode.Normal);
  }

  protected over(reason: Error | undefined): void {
    this.#stop();
    this.#events.closed(this.#isDrained ? undefined : (reason ?? new Error("the server has closed the WebSocket")));
  }

  #leave(exchange: WebSocketExchange, block: HeaderBlock): void {
    exchange.call = ++this.#lastCall;
    if (this.#lastCall === LAST_CALL) this.drain();
    this.enter(exchange);
    this.sendLines(FrameType.Head, exchange, exchange.path, block);
    this.due(exchange);
  }

  /** Has those leave that waited for a place, and says if there is one for others. */
  #advance(): void {
    while (!this.#isDraining && !this.isOver && this.calls.size < this.#maxCalls) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      if (!next.exchange.isClosed) this.#leave(next.exchange, next.block);
    }
    const isOpenable = this.openable > 0;
    const hasBecome = isOpenable && !this.#wasOpenable;
    this.#wasOpenable = isOpenable;
    if (hasBecome) this.#events.openable();
    if (this.#isDraining) this.wake();
  }

  /** What has not left will not. */
  #stop(): void {
    this.#isDraining = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.closeExchange(next.exchange, ResetCode.RefusedStream);
    }
  }
}

/** The highest number that a frame can hold. */
const LAST_CALL = 0xffffffff;
