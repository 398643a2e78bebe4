import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";
import { TokenBucket } from "../h2/token-bucket.js";
import type { ServerConnection } from "./node-listener.js";
import type { Ticker, Ticking } from "./node-ticker.js";
import type { WebSocketLimits } from "./web-socket-limits.js";
import type { MessageSocket } from "./web-socket-outbox.js";
import type { SocketViolation } from "./web-socket-violation.js";

/** What is served on a WebSocket. */
export interface SocketSide extends ServerConnection {
  receive(message: Uint8Array): void;
  /** The socket has room again. */
  flush(): void;
  lost(reason: Error | undefined): void;
  fail(violation: SocketViolation): void;
  tick(now: number): void;
}

/** Between one of the package ws and what is served on it: messages, pings, time. */
export class WebSocketDriver implements MessageSocket, ServerConnection, Ticking {
  readonly #socket: Socket;
  readonly #limits: WebSocketLimits;
  readonly #ticker: Ticker;
  readonly #pings: TokenBucket;
  /** Unset until the handshake is done, and it is done at once. */
  #webSocket: WebSocket | undefined;
  #side: SocketSide | undefined;
  #isCorked = false;
  #sentInTurn = 0;
  /** It has sent as much as it may before others have their turn, whatever the system has taken of it. */
  #isResting = false;
  #bytesRead = 0;
  #readAt: number;
  #pingedAt = 0;

  constructor(socket: Socket, limits: WebSocketLimits, ticker: Ticker) {
    this.#socket = socket;
    this.#limits = limits;
    this.#ticker = ticker;
    this.#readAt = performance.now();
    this.#pings = new TokenBucket(limits.pings, limits.pingsPerSecond, this.#readAt);
  }

  serve(webSocket: WebSocket, side: SocketSide): void {
    this.#webSocket = webSocket;
    this.#side = side;
    webSocket.on("message", (data: RawData, isBinary: boolean) => {
      this.#cork();
      if (isBinary) side.receive(data as Buffer);
      else side.fail("text_message");
    });
    webSocket.on("ping", (data: Buffer) => {
      if (this.#pings.take(performance.now())) webSocket.pong(data);
      else side.fail("too_many_pings");
    });
    // What broke it says the close.
    webSocket.on("error", () => {});
    webSocket.on("close", () => {
      this.#ticker.delete(this);
      side.lost(undefined);
    });
    this.#socket.on("drain", () => side.flush());
    this.#ticker.add(this);
    side.flush();
  }

  get bufferedBytes(): number {
    const bytes = this.#webSocket?.bufferedAmount ?? 0;
    return this.#isResting ? Math.max(bytes, this.#limits.socketBufferBytes) : bytes;
  }

  send(message: Uint8Array): void {
    this.#webSocket?.send(message);
    this.#sentInTurn += message.length;
    if (this.#isResting || this.#sentInTurn < this.#limits.socketBufferBytes) return;
    this.#isResting = true;
    setImmediate(() => {
      this.#isResting = false;
      this.#sentInTurn = 0;
      this.#side?.flush();
    });
  }

  /** Reads on meanwhile: the peer answers a close with one of its own. */
  close(code = 1001, reason = ""): void {
    const webSocket = this.#webSocket;
    if (webSocket === undefined) {
      this.#socket.destroy();
      return;
    }
    this.#side?.lost(undefined);
    webSocket.resume();
    webSocket.close(code, reason);
    this.#linger(webSocket);
  }

  drain(): void {
    this.#side?.drain();
  }

  pause(): void {
    this.#webSocket?.pause();
  }

  resume(): void {
    this.#webSocket?.resume();
  }

  tick(now: number): void {
    this.#side?.tick(now);
    if (this.#socket.bytesRead !== this.#bytesRead) {
      this.#bytesRead = this.#socket.bytesRead;
      this.#readAt = now;
      this.#pingedAt = 0;
    }
    const { keepaliveMs, keepaliveTimeoutMs } = this.#limits;
    if (keepaliveMs === 0) return;
    if (this.#pingedAt > 0) {
      if (now - this.#pingedAt >= keepaliveTimeoutMs) this.#webSocket?.terminate();
    } else if (now - this.#readAt >= keepaliveMs) {
      this.#pingedAt = now;
      this.#webSocket?.ping();
    }
  }

  /** Cuts the socket if its peer does not answer the close, or does not even take what is before it. */
  #linger(webSocket: WebSocket): void {
    const left = webSocket.bufferedAmount;
    const giveUp = () => {
      if (left > 0 && webSocket.bufferedAmount < left) this.#linger(webSocket);
      else webSocket.terminate();
    };
    const timer = setTimeout(giveUp, left > 0 ? this.#limits.stallMs : LINGER_MS).unref();
    webSocket.once("close", () => clearTimeout(timer));
  }

  /** One write for all that the messages of this read have us send. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }
}

/** Between our close and the end of the socket, if its peer does not answer. golang's for HTTP/2. */
const LINGER_MS = 1000;
