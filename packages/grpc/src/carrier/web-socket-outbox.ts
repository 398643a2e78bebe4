import type { WebSocketExchange } from "./web-socket-exchange.js";
import type { WebSocketLimits } from "./web-socket-limits.js";
import {
  FRAME_BYTES,
  FrameType,
  linesFrame,
  MAX_MESSAGE_BYTES,
  numberFrame,
  writeFrameStart,
} from "./web-socket-wire.js";

/** A WebSocket, as far as messages are concerned. */
export interface MessageSocket {
  /** The bytes may change afterwards only if the socket has copied them. */
  send(message: Uint8Array): void;
  /** Bytes that wait to leave. */
  readonly bufferedBytes: number;
  /** Begins the closing handshake. */
  close(code: number, reason: string): void;
}

/** Where a message is put together, whichever connection it is of: nothing else runs meanwhile that sends one. */
const scratch = new Uint8Array(MAX_MESSAGE_BYTES);

/**
 * What waits to be sent on a socket. A flush packs all of it into as few messages as it takes: frames that are no bodies first, then
 * the bodies by turns, a message's worth each, as far as credit and the socket allow.
 */
export class Outbox {
  readonly #socket: MessageSocket;
  readonly #limits: Pick<WebSocketLimits, "callBufferBytes" | "socketBufferBytes" | "windowBytes">;
  readonly #ended: (exchange: WebSocketExchange) => void;
  #control: Uint8Array[] = [];
  #controlBytes = 0;
  /** Those with something to send, as far as anybody knows. */
  readonly #due = new Set<WebSocketExchange>();
  #isFlushing = false;
  #at = 0;

  /** @param ended is told when an exchange's own side has ended, down to the last frame */
  constructor(
    socket: MessageSocket,
    limits: Pick<WebSocketLimits, "callBufferBytes" | "socketBufferBytes" | "windowBytes">,
    ended: (exchange: WebSocketExchange) => void,
  ) {
    this.#socket = socket;
    this.#limits = limits;
    this.#ended = ended;
  }

  get isFlushing(): boolean {
    return this.#isFlushing;
  }

  /** Bytes of frames that are no bodies and wait for the flush, or in the socket. */
  get controlBytes(): number {
    return this.#controlBytes + Math.max(0, this.#socket.bufferedBytes - this.#limits.socketBufferBytes);
  }

  /** Appends a frame that is no body. */
  control(frame: Uint8Array): void {
    this.#control.push(frame);
    this.#controlBytes += frame.length;
  }

  due(exchange: WebSocketExchange): void {
    this.#due.add(exchange);
  }

  drop(exchange: WebSocketExchange): void {
    this.#due.delete(exchange);
    while (exchange.queue.size > 0) {
      const { start, end } = exchange.queue.first() ?? { start: 0, end: 0 };
      exchange.queue.shift(end - start);
    }
  }

  flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#appendControl();
    // Whoever has more comes again behind the others.
    for (const exchange of this.#due) {
      if (this.#socket.bufferedBytes + this.#at >= this.#limits.socketBufferBytes) break;
      this.#due.delete(exchange);
      if (this.#take(exchange)) this.#due.add(exchange);
      // What the exchange's sink was told may have made others begin: their heads go before their bodies.
      this.#appendControl();
    }
    this.#emit();
    this.#isFlushing = false;
  }

  /** Appends what one exchange may send now. True: it has more. */
  #take(exchange: WebSocketExchange): boolean {
    if (exchange.owed > 0 && exchange.window <= exchange.creditBelow) this.#giveCredit(exchange);
    this.#appendBody(exchange);
    if (exchange.queue.size > 0) return exchange.credit > 0;
    if (exchange.isEnding && !exchange.endSent) {
      exchange.endSent = true;
      this.#append(linesFrame(FrameType.End, exchange.call, undefined, exchange.trailers?.fields ?? []));
      this.#ended(exchange);
    }
    return false;
  }

  #giveCredit(exchange: WebSocketExchange): void {
    // Nobody waits to send what is over.
    if (!exchange.peerEnded) this.#append(numberFrame(FrameType.Credit, exchange.call, exchange.owed));
    exchange.window += exchange.owed;
    exchange.owed = 0;
    exchange.creditBelow = this.#limits.windowBytes / 2;
  }

  #appendBody(exchange: WebSocketExchange): void {
    const { queue } = exchange;
    if (queue.size === 0 || exchange.credit === 0) return;
    if (this.#at + FRAME_BYTES >= MAX_MESSAGE_BYTES) this.#emit();
    const length = Math.min(queue.size, exchange.credit, MAX_MESSAGE_BYTES - this.#at - FRAME_BYTES);
    writeFrameStart(scratch, this.#at, FrameType.Data, length, exchange.call);
    this.#at += FRAME_BYTES;
    for (let left = length; left > 0; ) {
      const chunk = queue.first();
      if (chunk === undefined) break;
      const taken = Math.min(left, chunk.end - chunk.start);
      scratch.set(chunk.bytes.subarray(chunk.start, chunk.start + taken), this.#at);
      queue.shift(taken);
      this.#at += taken;
      left -= taken;
    }
    exchange.credit -= length;
    exchange.stalledSince = 0;
    if (!exchange.isBlocked || queue.size > this.#limits.callBufferBytes / 2) return;
    exchange.isBlocked = false;
    if (exchange.isEnding) return;
    exchange.sink?.writable();
  }

  #appendControl(): void {
    if (this.#control.length === 0) return;
    const frames = this.#control;
    this.#control = [];
    this.#controlBytes = 0;
    for (const frame of frames) this.#append(frame);
  }

  #append(frame: Uint8Array): void {
    if (this.#at + frame.length > MAX_MESSAGE_BYTES) this.#emit();
    scratch.set(frame, this.#at);
    this.#at += frame.length;
  }

  #emit(): void {
    if (this.#at === 0) return;
    const message = scratch.slice(0, this.#at);
    this.#at = 0;
    this.#socket.send(message);
  }
}
