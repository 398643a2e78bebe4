/** A server's end of a WebSocket without a socket, and a peer that speaks to it frame by frame. */

import { type WebSocketLimits, webSocketLimits } from "../src/carrier/web-socket-limits.js";
import type { MessageSocket } from "../src/carrier/web-socket-outbox.js";
import { WebSocketServerSide } from "../src/carrier/web-socket-server.js";
import {
  FRAME_BYTES,
  FrameType,
  linesFrame,
  linesIn,
  numberFrame,
  readFrames,
  writeFrameStart,
} from "../src/carrier/web-socket-wire.js";
import type { Accept, Fields, Sink } from "../src/exchange.js";
import { Recorder } from "./exchange/recorder.js";

export interface SeenFrame {
  readonly type: number;
  readonly call: number;
  readonly content: Uint8Array;
}

/** What is sent to it, taken apart. */
export class FakeSocket implements MessageSocket {
  readonly frames: SeenFrame[] = [];
  readonly messageSizes: number[] = [];
  closed: readonly [code: number, reason: string] | undefined;
  /** A peer that does not read. */
  isStuck = false;
  bufferedBytes = 0;

  send(message: Uint8Array): void {
    this.messageSizes.push(message.length);
    if (this.isStuck) this.bufferedBytes += message.length;
    readFrames(message, {
      frame: (type, call, bytes, start, end) => {
        this.frames.push({ type, call, content: bytes.slice(start, end) });
        return undefined;
      },
    });
  }

  close(code: number, reason: string): void {
    this.closed ??= [code, reason];
  }

  ofType(type: number): SeenFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  bytesOf(call: number): number {
    return this.ofType(FrameType.Data)
      .filter((frame) => frame.call === call)
      .reduce((sum, { content }) => sum + content.length, 0);
  }
}

/** The server under attack. Its calls are recorded; what is deferred runs with {@link settle}. */
export class SocketVictim {
  readonly socket = new FakeSocket();
  readonly calls: Recorder[] = [];
  readonly side: WebSocketServerSide;
  now = 0;
  #deferred: (() => void)[] = [];

  constructor(limits: Partial<WebSocketLimits> = {}, answer: (call: Recorder) => void = () => {}) {
    const accept: Accept = (exchange): Sink => {
      const call = new Recorder();
      call.exchange = exchange;
      this.calls.push(call);
      answer(call);
      return call;
    };
    this.side = new WebSocketServerSide({
      socket: this.socket,
      peer: { carrier: "websocket", address: "peer:1", secure: false, certificate: () => undefined },
      authority: "here",
      limits: { ...webSocketLimits, ...limits },
      defer: (callback) => this.#deferred.push(callback),
      accept,
      now: () => this.now,
    });
    this.settle();
  }

  /** Sends these frames in one message. */
  receive(...frames: Uint8Array[]): void {
    this.side.receive(Buffer.concat(frames));
    this.settle();
  }

  settle(): void {
    for (const callback of this.#deferred.splice(0)) callback();
  }

  /** With which code and reason its server closed the socket. */
  get closed(): readonly [code: number, reason: string] | undefined {
    return this.socket.closed;
  }

  tick(ms: number): void {
    this.now += ms;
    this.side.tick(this.now);
    this.settle();
  }
}

export function frame(type: number, call: number, content: Iterable<number> = []): Uint8Array {
  const bytes = Uint8Array.of(...new Uint8Array(FRAME_BYTES), ...content);
  writeFrameStart(bytes, 0, type, bytes.length - FRAME_BYTES, call);
  return bytes;
}

export const head = (call: number, path = "/test.Service/Method", fields: Fields = []): Uint8Array =>
  linesFrame(FrameType.Head, call, path, fields);

export const data = (call: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(FRAME_BYTES + length);
  writeFrameStart(bytes, 0, FrameType.Data, length, call);
  return bytes;
};

export const credit = (call: number, bytes: number): Uint8Array => numberFrame(FrameType.Credit, call, bytes);
export const reset = (call: number, code: number): Uint8Array => numberFrame(FrameType.Reset, call, code);
export const text = (content: Uint8Array): string => linesIn(content, 0, content.length).join("\n");
