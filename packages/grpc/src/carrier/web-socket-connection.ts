import { type HeaderBlock, type Peer, ResetCode } from "../exchange.js";
import type { ExchangeHost, WebSocketExchange } from "./web-socket-exchange.js";
import type { WebSocketLimits } from "./web-socket-limits.js";
import { type MessageSocket, Outbox } from "./web-socket-outbox.js";
import { closeCodeOf, type SocketViolation } from "./web-socket-violation.js";
import {
  FrameType,
  linesFrame,
  linesIn,
  MAX_CREDIT,
  MAX_MESSAGE_BYTES,
  numberFrame,
  readFrames,
  readUint32,
} from "./web-socket-wire.js";

export interface WebSocketConnectionOptions {
  readonly socket: MessageSocket;
  readonly peer: Peer;
  readonly authority: string;
  readonly limits: WebSocketLimits;
  /** Calls back once whatever runs now is done, so that what it sends leaves together. */
  readonly defer: (callback: () => void) => void;
}

/** What both ends of a socket do: frames to exchanges and back, with the credit that each of them has. It does no I/O. */
export abstract class WebSocketConnection implements ExchangeHost {
  readonly peer: Peer;
  readonly authority: string;
  readonly callBufferBytes: number;
  protected readonly limits: WebSocketLimits;
  protected readonly calls = new Map<number, WebSocketExchange>();
  /** The socket is closed, or being closed: nothing is sent or brought any more. */
  protected isOver = false;
  readonly #socket: MessageSocket;
  readonly #outbox: Outbox;
  readonly #defer: (callback: () => void) => void;
  #flushDue = false;
  #inReceive = false;
  #touched: WebSocketExchange[] = [];

  constructor({ socket, peer, authority, limits, defer }: WebSocketConnectionOptions) {
    this.peer = peer;
    this.authority = authority;
    this.limits = limits;
    this.callBufferBytes = limits.callBufferBytes;
    this.#socket = socket;
    this.#defer = defer;
    this.#outbox = new Outbox(socket, limits, (exchange) => this.sendingEnded(exchange));
  }

  /** Works off a message: all that it brings is told before anything leaves. The bytes are kept. */
  receive(message: Uint8Array): void {
    if (this.isOver) return;
    this.#inReceive = true;
    const violation = readFrames(message, this);
    const touched = this.#touched;
    this.#touched = [];
    for (const exchange of touched) {
      exchange.isTouched = false;
      if (!exchange.isClosed && !exchange.peerEnded) exchange.sink?.turn();
    }
    this.#inReceive = false;
    if (violation === undefined) this.flush();
    else this.fail(violation);
  }

  /** Sends what there is to send, as far as the socket takes it. Also for whoever hears that the socket has room again. */
  flush(): void {
    if (this.isOver) return;
    this.#outbox.flush();
    if (this.#outbox.controlBytes > this.limits.maxControlBytes) this.fail("control_queue");
    else this.settled();
  }

  /** The socket is closed: what had left is lost. */
  lost(reason: Error | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const exchange of [...this.calls.values()]) this.closeExchange(exchange, ResetCode.ConnectionLost);
    this.over(reason);
  }

  /** Closes the socket because of what its peer did. */
  fail(violation: SocketViolation): void {
    if (this.isOver) return;
    this.#socket.close(closeCodeOf(violation), violation);
    this.lost(new Error(`the WebSocket was closed: ${violation}`));
  }

  /** Resets the calls whose peer has taken nothing for too long. */
  dropStalled(now: number): void {
    for (const exchange of [...this.calls.values()]) {
      if (exchange.queue.size === 0) continue;
      if (exchange.stalledSince === 0) exchange.stalledSince = now;
      else if (now - exchange.stalledSince >= this.limits.stallMs) exchange.reset(ResetCode.EnhanceYourCalm);
    }
  }

  frame(type: number, call: number, bytes: Uint8Array, start: number, end: number): SocketViolation | undefined {
    switch (type) {
      case FrameType.Head:
        return call === 0 ? "frame_call" : this.onHead(call, linesIn(bytes, start, end), end - start);
      case FrameType.Data:
        return this.#onData(call, bytes, start, end);
      case FrameType.End:
        return this.#onExchange(call, (exchange) => this.onEnd(exchange, linesIn(bytes, start, end)));
      case FrameType.Reset:
        if (end - start !== 4) return "frame_size";
        return (
          this.onReset() ?? this.#onExchange(call, (exchange) => this.closeExchange(exchange, readUint32(bytes, start)))
        );
      case FrameType.Credit:
        if (end - start !== 4) return "frame_size";
        return this.#onExchange(call, (exchange) => this.#onCredit(exchange, readUint32(bytes, start)));
      default:
        return this.onControl(type, call, bytes, start, end);
    }
  }

  // What the exchanges ask for.

  sendHead(exchange: WebSocketExchange, block: HeaderBlock, status: number): void {
    this.sendLines(FrameType.Head, exchange, String(status), block);
  }

  due(exchange: WebSocketExchange): void {
    if (exchange.call === 0) return;
    this.#outbox.due(exchange);
    this.wake();
  }

  sendReset(exchange: WebSocketExchange, code: ResetCode): void {
    if (exchange.call > 0) this.refuse(exchange.call, code);
    this.closeExchange(exchange, code);
  }

  abstract released(exchange: WebSocketExchange): void;

  // What the two ends do differently.

  protected abstract onHead(call: number, lines: string[], length: number): SocketViolation | undefined;
  protected abstract onEnd(exchange: WebSocketExchange, lines: string[]): SocketViolation | undefined;
  /** A RESET has come, of whatever call. */
  protected abstract onReset(): SocketViolation | undefined;
  /** Frames of other types. Those that nobody knows are left alone, so that there can be more one day. */
  protected abstract onControl(
    type: number,
    call: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): SocketViolation | undefined;
  /** Whether the call is none yet, so that a frame of it is an offence, and not late. */
  protected abstract isIdle(call: number): boolean;
  protected abstract sendingEnded(exchange: WebSocketExchange): void;
  protected abstract closed(exchange: WebSocketExchange): void;
  /** All that there was to send has been handed to the socket, or waits for it. */
  protected abstract settled(): void;
  protected abstract over(reason: Error | undefined): void;

  // For the two ends.

  /** Takes an exchange in that has its number. */
  protected enter(exchange: WebSocketExchange): void {
    this.calls.set(exchange.call, exchange);
    exchange.owed = Math.max(0, this.limits.windowBytes - exchange.window);
  }

  protected sendLines(type: number, exchange: WebSocketExchange, first: string, block: HeaderBlock): void {
    const frame = linesFrame(type, exchange.call, first, block.fields);
    if (frame.length > MAX_MESSAGE_BYTES) exchange.reset(ResetCode.InternalError);
    else this.control(frame);
  }

  protected control(frame: Uint8Array): void {
    this.#outbox.control(frame);
    this.wake();
  }

  /** Resets a call of which there may be no exchange. */
  protected refuse(call: number, code: ResetCode): void {
    this.control(numberFrame(FrameType.Reset, call, code < 0 ? ResetCode.Cancel : code));
  }

  protected closeExchange(exchange: WebSocketExchange, code: ResetCode | undefined): undefined {
    if (exchange.isClosed) return;
    exchange.isClosed = true;
    exchange.code = code;
    this.calls.delete(exchange.call);
    this.#outbox.drop(exchange);
    exchange.sink?.closed(code);
    this.closed(exchange);
  }

  /** Closes the socket at once. */
  protected shut(code: number): void {
    if (this.isOver) return;
    this.#socket.close(code, "");
    this.lost(undefined);
  }

  protected wake(): void {
    if (this.#flushDue || this.#inReceive || this.#outbox.isFlushing || this.isOver) return;
    this.#flushDue = true;
    this.#defer(() => {
      this.#flushDue = false;
      this.flush();
    });
  }

  #onExchange(
    call: number,
    take: (exchange: WebSocketExchange) => SocketViolation | undefined,
  ): SocketViolation | undefined {
    const exchange = this.calls.get(call);
    if (exchange !== undefined) return take(exchange);
    return this.isIdle(call) ? "idle_call" : undefined;
  }

  #onData(call: number, bytes: Uint8Array, start: number, end: number): SocketViolation | undefined {
    if (start === end) return "empty_data";
    return this.#onExchange(call, (exchange) => {
      if (exchange.peerEnded || !exchange.headReceived) return "frame_call";
      const length = end - start;
      if (length > exchange.window) return "credit_exceeded";
      exchange.window -= length;
      exchange.unread += length;
      if (!exchange.isTouched) this.#touched.push(exchange);
      exchange.isTouched = true;
      exchange.sink?.data(bytes, start, end);
      return undefined;
    });
  }

  #onCredit(exchange: WebSocketExchange, bytes: number): SocketViolation | undefined {
    if (bytes === 0 || exchange.credit + bytes > MAX_CREDIT) return "credit_overflow";
    exchange.credit += bytes;
    this.#outbox.due(exchange);
    return undefined;
  }
}
