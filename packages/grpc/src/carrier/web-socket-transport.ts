import type { Connection, ConnectionEvents, Transport } from "../exchange.js";
import { A_FUNCTION, A_TEXT, AN_OBJECT, checkOptions, type Expectations, numberFrom } from "../options.js";
import { shown } from "../shown.js";
import { type BackoffOptions, backoffOf } from "./backoff.js";
import { systemClock } from "./clock.js";
import { Pool } from "./pool.js";
import { Subchannel } from "./subchannel.js";
import { WebSocketClientSide } from "./web-socket-client.js";
import { type WebSocketLimits, webSocketLimits } from "./web-socket-limits.js";
import { SUBPROTOCOL } from "./web-socket-wire.js";

/** As much of the platform's WebSocket as is used. */
export interface PlatformWebSocket {
  binaryType: string;
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "error", listener: (event: { readonly message?: string }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** Browsers have one, Node has from 22 on, and that of the package ws is one. */
export type PlatformWebSocketConstructor = new (url: string, protocols: string[]) => PlatformWebSocket;

/** Where calls go, and how. */
export interface WebSocketTransportOptions {
  /** Where: "wss://example.com/grpc"; https: and http: stand for wss: and ws:. Any path will do for `routeguide serve`. */
  readonly url: string;
  /** Makes the WebSocket. Default: the platform's. */
  readonly WebSocket?: PlatformWebSocketConstructor;
  /** Bytes of a response that may come before they are read; at least 65,536. Default: 1 MiB. */
  readonly windowBytes?: number;
  /** How long to leave alone what could not be reached. */
  readonly backoff?: Partial<BackoffOptions>;
}

/**
 * A transport over a WebSocket, for calls of all four kinds from a browser. It connects with the first call, carries all calls on one
 * socket, and connects again when that is lost.
 *
 * @throws {TypeError} if the URL is malformed, or the platform has no WebSocket and none is given
 * @throws {RangeError} if windowBytes is out of its range
 */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
  checkOptions("webSocketTransport()", options, EXPECTED);
  const platform = globalThis as { WebSocket?: PlatformWebSocketConstructor };
  const WebSocket = options.WebSocket ?? platform.WebSocket;
  if (WebSocket === undefined) {
    throw new TypeError("this platform has no WebSocket: give a constructor, such as that of the package ws");
  }
  const { windowBytes = WINDOW_BYTES } = options;
  const url = socketUrl(options.url);
  const backoff = backoffOf(options.backoff);
  const limits = Object.freeze({ ...webSocketLimits, windowBytes, socketBufferBytes: Number.POSITIVE_INFINITY });
  const place = {
    name: url.href,
    make: (onLoss: () => void) =>
      new Subchannel({
        name: url.host,
        // Asynchronous, as browsers throw for what a page may not connect to.
        connect: async (events, signal) =>
          connectWebSocket(new WebSocket(url.href, [SUBPROTOCOL]), url, limits, events, signal),
        backoff,
        clock: systemClock,
        onLoss,
      }),
  };
  return new Pool("grpc", async () => [place], 1);
}

const EXPECTED: Expectations<WebSocketTransportOptions> = {
  url: A_TEXT,
  WebSocket: A_FUNCTION,
  windowBytes: numberFrom(65_536),
  backoff: AN_OBJECT,
};

/** @throws {TypeError} for what is none */
function socketUrl(text: string): URL {
  const written = String(text).replace(/^http/, "ws");
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol === "ws:" || url?.protocol === "wss:") return url;
  throw new TypeError(`url is ${shown(text)}: expected one such as "wss://example.com/grpc"`);
}

/** The connection on a WebSocket that is being opened. Resolves when the server has said what it takes. */
export function connectWebSocket(
  webSocket: PlatformWebSocket,
  url: URL,
  limits: WebSocketLimits,
  events: ConnectionEvents,
  signal: AbortSignal,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    webSocket.binaryType = "arraybuffer";
    const side = new WebSocketClientSide({
      socket: {
        // What waits in there is no more than the server gave credit for.
        bufferedBytes: 0,
        send: (message) => webSocket.send(message),
        close: (_code, reason) => webSocket.close(NORMAL, reason),
      },
      peer: { carrier: "websocket", address: url.host, secure: url.protocol === "wss:", certificate: () => undefined },
      authority: url.host,
      limits,
      // As a function of its own: browsers refuse theirs as a method of another object.
      defer: (callback) => queueMicrotask(callback),
      events,
      ready: () => resolve(side),
    });
    const giveUp = () => {
      webSocket.close();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    webSocket.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer) side.receive(new Uint8Array(data));
      else side.fail("text_message");
    });
    let said = "";
    webSocket.addEventListener("error", ({ message = "" }) => {
      // Browsers do not tell pages what is wrong; Node does.
      said = message;
    });
    webSocket.addEventListener("close", ({ code, reason }) => {
      signal.removeEventListener("abort", giveUp);
      const why = new Error(`no WebSocket to ${url.host}: ${reason || said || "it was closed"} (${code})`);
      side.lost(why);
      reject(why);
    });
  });
}

const WINDOW_BYTES = 1024 * 1024;
/** The only code of RFC 6455 with which browsers let pages close. */
const NORMAL = 1000;
