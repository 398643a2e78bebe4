/** The server's side of HTTP/1.1 connections, on Node's own http. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Accept, Peer } from "../exchange.js";
import type { Limits } from "../h2/limits.js";
import type { Http1Limits } from "./http1-limits.js";
import { Http1Exchange, type Http1Owner } from "./node-http1-exchange.js";
import type { ServeConnection, ServerConnection } from "./node-listener.js";
import { Turns } from "./node-turns.js";
import { headWithoutUpgrade, type Upgrade, type UpgradeRequest } from "./node-upgrade.js";

/** The limits of HTTP/1.1, and those that it has in common with HTTP/2. */
export type Http1ServerLimits = Http1Limits &
  Pick<Limits, "maxHeaderListBytes" | "maxHeaderFields" | "stallMs" | "keepaliveMs" | "lingerMs">;

/** Serves connections that speak HTTP/1.1 or 1.0. */
export function serveHttp1(
  accept: Accept,
  limits: Http1ServerLimits,
  upgrades: readonly Upgrade[] = [],
): ServeConnection {
  const connections = new WeakMap<Socket, Http1Connection>();
  // It never listens, so it runs no clock of its own: heads and requests are timed by the connection.
  const server = createServer({ maxHeaderSize: limits.maxHeaderListBytes, keepAliveTimeout: limits.keepAliveMs });
  server.timeout = limits.stallMs;
  server.on("request", (request, response) => connections.get(request.socket)?.open(request, response));
  server.on("timeout", (socket) => connections.get(socket)?.onSilence());
  const takers = new Map(upgrades.map((upgrade) => [upgrade.protocol, upgrade.begin(accept)]));
  const onUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const take = takers.get(request.headers.upgrade?.toLowerCase() ?? "");
    if (take !== undefined) {
      connections.get(socket)?.upgrade(request, head, take);
    } else {
      // A server may ignore the field, but Node has taken the request for one that changes the protocol.
      socket.unshift(Buffer.concat([headWithoutUpgrade(request), head]));
      server.emit("connection", socket);
    }
  };
  if (takers.size > 0) server.on("upgrade", onUpgrade);
  return (socket, peer) => {
    const connection = new Http1Connection(socket, peer, accept, limits);
    connections.set(socket, connection);
    server.emit("connection", socket);
    return connection;
  };
}

class Http1Connection implements ServerConnection, Http1Owner {
  readonly peer: Peer;
  readonly turns = new Turns();
  readonly #socket: Socket;
  readonly #accept: Accept;
  readonly #limits: Http1ServerLimits;
  /** Requests whose response has not left; Node sends the responses in their order. */
  readonly #open = new Set<Http1Exchange>();
  /** Requests whose response has not left or whose handler has not settled. */
  #busy = 0;
  #timer: NodeJS.Timeout | undefined;
  isDraining = false;
  #isEnding = false;
  /** Who speaks on the connection since it has changed its protocol. */
  #upgraded: ServerConnection | undefined;

  constructor(socket: Socket, peer: Peer, accept: Accept, limits: Http1ServerLimits) {
    this.#socket = socket;
    this.peer = peer;
    this.#accept = accept;
    this.#limits = limits;
    socket.setKeepAlive(limits.keepaliveMs > 0, limits.keepaliveMs);
    socket.on("close", () => clearTimeout(this.#timer));
    // Node's way to end a connection after its last response cuts it: what the peer still sends then takes the response with it.
    socket.destroySoon = () => this.#end();
    this.#awaitHead(limits.headMs);
  }

  open(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isEnding) return;
    clearTimeout(this.#timer);
    if (this.#busy >= this.#limits.maxPipelined) {
      this.close();
    } else if (request.rawHeaders.length > this.#limits.maxHeaderFields * 2) {
      response.writeHead(431, { connection: "close" }).end();
    } else {
      this.#busy++;
      const exchange = new Http1Exchange(this, request, response);
      this.#open.add(exchange);
      exchange.start(this.#accept(exchange));
    }
  }

  upgrade(request: IncomingMessage, head: Buffer, take: (request: UpgradeRequest) => ServerConnection): void {
    clearTimeout(this.#timer);
    if (this.#open.size > 0 || this.#isEnding) {
      // Its answer would come between those of the requests before.
      this.close();
      return;
    }
    const socket = this.#socket;
    socket.setTimeout(0);
    socket.destroySoon = Socket.prototype.destroySoon;
    this.#upgraded = take({ request, socket, head, peer: this.peer });
  }

  drain(): void {
    this.isDraining = true;
    if (this.#upgraded !== undefined) this.#upgraded.drain();
    else if (this.#open.size === 0) this.#end();
  }

  close(): void {
    if (this.#upgraded !== undefined) this.#upgraded.close();
    else this.#socket.destroy();
  }

  /** Nothing has come and nothing was taken for as long as may be. */
  onSilence(): void {
    const isStalled = this.#socket.writableLength > 0;
    const isWanted = [...this.#open].some((exchange) => !exchange.isAwaited);
    if (isStalled || !isWanted) this.close();
    else this.#socket.setTimeout(this.#limits.stallMs);
  }

  ended(exchange: Http1Exchange): void {
    this.#open.delete(exchange);
    if (this.#open.size > 0 || this.#isEnding) return;
    if (this.isDraining) this.#end();
    else this.#awaitHead(this.#limits.keepAliveMs + this.#limits.headMs);
  }

  stop(): void {
    this.#end();
  }

  free(): void {
    this.#busy--;
  }

  #awaitHead(ms: number): void {
    // Node runs timers before it reads: after a stall of the process, what came meanwhile must count.
    const giveUp = () => setImmediate(() => this.#open.size === 0 && this.close());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(giveUp, ms).unref();
  }

  /** Reads on while it ends: bytes that nobody read make the system cut the connection, and what was sent last is lost. */
  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    clearTimeout(this.#timer);
    this.#socket.end();
    this.#timer = setTimeout(() => this.close(), this.#limits.lingerMs).unref();
  }
}
