/** WebSockets on the port that serves everything else, through the package ws. */

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { Accept } from "../exchange.js";
import { A_TEXT, AN_OBJECT, checkOptions, type Expectations, either, listOf, oneOf } from "../options.js";
import { GRPC_WEBSOCKETS, GrpcWebSocketsSide } from "./grpc-websockets.js";
import { limitsOf } from "./limits-of.js";
import type { ServerConnection } from "./node-listener.js";
import { MessageParts } from "./node-message-parts.js";
import { Ticker } from "./node-ticker.js";
import type { Upgrade, UpgradeRequest } from "./node-upgrade.js";
import { WebSocketDriver } from "./node-web-socket-driver.js";
import { type WebSocketLimits, webSocketLimits } from "./web-socket-limits.js";
import { isAllowedOrigin } from "./web-socket-origin.js";
import { WebSocketServerSide } from "./web-socket-server.js";
import { MAX_MESSAGE_BYTES, SUBPROTOCOL } from "./web-socket-wire.js";

/** Who may connect, and what they may do. */
export interface WebSocketOptions {
  /**
   * Pages that may connect: their origins, such as "https://example.com", or "*" for all. Those of the server's own host may always,
   * and so may whatever names no origin, because it is no page. Default: none beside them.
   */
  readonly origins?: readonly string[] | "*";
  /** What peers may do; see {@link WebSocketLimits} for each, its unit and its default. */
  readonly limits?: Partial<WebSocketLimits>;
}

/**
 * Lets `listen()` serve WebSockets: calls of all kinds from browsers, in our framing (docs/websocket.md) and in that of
 * grpc-websockets.
 *
 * @throws {TypeError} for an option that is none
 * @throws {RangeError} if a limit is out of its range
 */
export function webSocket(options: WebSocketOptions = {}): Upgrade {
  checkOptions("webSocket()", options, EXPECTED);
  const limits = limitsOf(webSocketLimits, options.limits);
  if (limits.windowBytes < 65_536) {
    throw new RangeError(
      `windowBytes is ${limits.windowBytes}: expected at least 65,536, which every call begins with`,
    );
  }
  const origins = options.origins ?? [];
  return {
    protocol: "websocket",
    begin(accept) {
      const sockets = new Sockets(accept, origins, limits);
      return (request) => sockets.take(request);
    },
  };
}

const EXPECTED: Expectations<WebSocketOptions> = {
  origins: either(listOf(A_TEXT, "origins"), oneOf("*")),
  limits: AN_OBJECT,
};

/** The WebSockets of a listener. */
class Sockets {
  readonly #accept: Accept;
  readonly #origins: readonly string[] | "*";
  readonly #limits: WebSocketLimits;
  readonly #ticker = new Ticker();
  readonly #open = new Set<Socket>();
  readonly #parts: MessageParts;
  /** One for each subprotocol: they differ in how large a message may be. */
  readonly #servers: ReadonlyMap<string, WebSocketServer>;

  constructor(accept: Accept, origins: readonly string[] | "*", limits: WebSocketLimits) {
    this.#accept = accept;
    this.#origins = origins;
    this.#limits = limits;
    this.#parts = new MessageParts(limits.maxHeldBytes);
    this.#servers = new Map([
      [SUBPROTOCOL, serverOf(SUBPROTOCOL, MAX_MESSAGE_BYTES)],
      [GRPC_WEBSOCKETS, serverOf(GRPC_WEBSOCKETS, limits.maxMessageBytes)],
    ]);
  }

  take({ request, socket, head, peer }: UpgradeRequest): ServerConnection {
    const { origin, host = "", "sec-websocket-protocol": offered = "" } = request.headers;
    if (!isAllowedOrigin(origin, host, this.#origins)) {
      return refuse(socket, 403, `Pages of ${origin} may not connect to this server.`);
    }
    if (this.#open.size >= this.#limits.maxSockets) return refuse(socket, 503, "There are too many WebSockets.");
    const names = offered.split(",").map((name) => name.trim());
    const name = [...this.#servers.keys()].find((known) => names.includes(known));
    const server = this.#servers.get(name ?? "");
    if (server === undefined) {
      return refuse(socket, 400, `Ask for one of these subprotocols: ${[...this.#servers.keys()].join(", ")}.`);
    }
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket));
    const driver = new WebSocketDriver(socket, this.#limits, this.#ticker);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const common = {
        socket: driver,
        peer: { ...peer, carrier: "websocket" as const },
        authority: host,
        limits: this.#limits,
        defer: (callback: () => void) => void setImmediate(callback),
        accept: this.#accept,
        now: () => performance.now(),
      };
      const side =
        name === SUBPROTOCOL
          ? new WebSocketServerSide(common)
          : new GrpcWebSocketsSide({ ...common, path: request.url ?? "/" });
      driver.serve(webSocket, side);
      this.#parts.watch(socket, webSocket, () => side.fail("held_bytes"));
    });
    return driver;
  }
}

function serverOf(name: string, maxPayload: number): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Messages of gRPC are compressed by gRPC, if at all.
    perMessageDeflate: false,
    autoPong: false,
    maxPayload,
    handleProtocols: () => name,
  });
}

/** Answers without a WebSocket. */
function refuse(socket: Socket, status: number, text: string): ServerConnection {
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: text/plain; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.resume();
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  return { drain() {}, close: () => void socket.destroy() };
}
