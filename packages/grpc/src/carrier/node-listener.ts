/** One port for everything: each connection goes to whoever speaks what it speaks, HTTP/2 or HTTP/1, and the rest is closed. */
import { lstatSync, unlinkSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { Peer } from "../exchange.js";
import { shown } from "../shown.js";
import { systemClock } from "./clock.js";
import { isHandshakeTimeout, isRefused, isTaken, listenError, socketFileError } from "./node-error.js";
import { hostPort, peerOf } from "./node-peer.js";
import { sniff } from "./node-sniff.js";
import { reloadWhenChanged, type ServerTls, tlsOptions } from "./node-tls.js";

/** The server's side of one connection, as an engine keeps it. */
export interface ServerConnection {
  /** Takes no more requests, and closes when the last has ended. */
  drain(): void;
  /** Closes at once, but for what the peer is told last. */
  close(): void;
}

/** Serves a connection whose first bytes, still unread, say that it speaks this protocol. */
export type ServeConnection = (socket: Socket, peer: Peer) => ServerConnection;

/** Who serves the connections of a port. */
export interface Served {
  readonly http2: ServeConnection;
  readonly http1: ServeConnection;
}

/** A port, 0 for a free one, on a host (default 127.0.0.1); or a Unix socket. */
export type ListenAt = { readonly port: number; readonly host?: string } | { readonly path: string };

export interface ListenerOptions {
  readonly tls?: ServerTls;
  /** Connections at a time; more are closed at once. */
  readonly maxConnections: number;
  /** Between closing a connection and cutting it, if its peer does not close it meanwhile. */
  readonly lingerMs: number;
  /** How long a new connection may take to say what it speaks, its TLS handshake included. */
  readonly handshakeMs: number;
  /** Share the port with other processes that ask for the same. */
  readonly reusePort: boolean;
}

export interface Listener extends AsyncDisposable {
  /** Where it listens: `host:port`, or `unix:path`. */
  readonly address: string;
  /** Stops accepting, lets requests end for so long, then closes what is left. Resolves when nothing is open. */
  close(graceMs: number): Promise<void>;
}

/** @throws {Error} if it cannot listen there; the message says where, why and what to do */
export async function openListener(at: ListenAt, serve: Served, options: ListenerOptions): Promise<Listener> {
  const listener = new NodeListener(at, serve, options);
  await listener.open();
  return listener;
}

class NodeListener implements Listener {
  /** Known once it listens. */
  address = "";
  readonly #at: ListenAt;
  readonly #serve: Served;
  readonly #options: ListenerOptions;
  readonly #server: Server;
  /** All that is open, TLS handshakes included. */
  readonly #sockets = new Set<Socket>();
  /** Those that have not said yet what they speak. */
  readonly #silent = new Set<Socket>();
  /** What gives up those that are in their TLS handshake, by their addresses: TLS hides the socket beneath it. */
  readonly #handshakes = new Map<string, () => void>();
  readonly #connections = new Set<ServerConnection>();
  #stopReloading: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(at: ListenAt, serve: Served, options: ListenerOptions) {
    checkPlace(at);
    this.#at = at;
    this.#serve = serve;
    this.#options = options;
    this.#server =
      options.tls === undefined
        ? createServer({ noDelay: true }, (socket) => this.#greet(socket))
        : createTlsServer({ ...tlsOptions(options.tls), handshakeTimeout: options.handshakeMs }, (socket) =>
            this.#greet(socket),
          );
    this.#server.on("tlsClientError", (error: NodeJS.ErrnoException, socket: Socket) => {
      if (isHandshakeTimeout(error)) socket.destroy();
    });
    if (options.tls !== undefined) this.#stopReloading = reloadWhenChanged(this.#server as TlsServer, options.tls);
    this.#server.maxConnections = options.maxConnections;
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      // Errors come with a close, and only that matters here.
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      if (options.tls !== undefined) this.#awaitHandshake(socket);
    });
  }

  async open(): Promise<void> {
    if (this.#options.reusePort && !canReusePort(process.versions.node)) {
      throw new Error(`sharing a port needs Node 22.12 or 23.1 and later: this is ${process.versions.node}`);
    }
    if ("path" in this.#at) return this.#openSocketFile(this.#at.path);
    const where = hostPort(this.#at.host ?? LOOPBACK, this.#at.port);
    await this.#listen().catch((error: Error) => Promise.reject(listenError(where, error)));
  }

  async #openSocketFile(path: string): Promise<void> {
    // Node 20 cuts a longer one, and listens at what is left.
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) {
      throw new Error(`cannot listen on ${path}: paths of Unix sockets have at most ${MAX_SOCKET_PATH_BYTES} bytes`);
    }
    try {
      await this.#listen();
    } catch (error) {
      if (isTaken(error) && !lstatSync(path).isSocket()) {
        throw new Error(`cannot listen on ${path}: what is there is no socket`, { cause: error });
      }
      if (!isTaken(error) || !(await isLeftOver(path))) throw socketFileError(path, error as Error);
      // A server that crashed leaves its socket file behind.
      unlinkSync(path);
      await this.#listen().catch((again: Error) => Promise.reject(socketFileError(path, again)));
    }
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#drain(graceMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close(0);
  }

  #listen(): Promise<void> {
    const { reusePort } = this.#options;
    const at =
      "path" in this.#at ? this.#at : { port: this.#at.port, host: this.#at.host ?? LOOPBACK, ...(reusePort && REUSE) };
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(at, () => {
        this.#server.off("error", reject);
        const bound = this.#server.address() as AddressInfo | string;
        this.address = typeof bound === "string" ? `unix:${bound}` : hostPort(bound.address, bound.port);
        resolve();
      });
    });
  }

  /** Node tells of a handshake that takes too long and ends nothing, and each byte gives it more time. */
  #awaitHandshake(socket: Socket): void {
    const key = connectionOf(socket);
    if (key === undefined) return;
    const stop = giveUpAfter(this.#options.handshakeMs, () => socket.destroy());
    this.#handshakes.set(key, stop);
    socket.on("close", () => {
      stop();
      if (this.#handshakes.get(key) === stop) this.#handshakes.delete(key);
    });
  }

  #greet(socket: Socket): void {
    if (this.#closing !== undefined) {
      socket.destroy();
      return;
    }
    // Broken TLS brings no close by itself.
    socket.on("error", () => socket.destroy());
    this.#silent.add(socket);
    // After a handshake what is left of its time.
    const stop =
      this.#handshakes.get(connectionOf(socket) ?? "") ??
      giveUpAfter(this.#options.handshakeMs, () => socket.destroy());
    const greeted = () => {
      stop();
      this.#silent.delete(socket);
      socket.off("close", greeted);
    };
    socket.on("close", greeted);
    sniff(socket, (spoken) => {
      greeted();
      if (spoken === "neither") socket.destroy();
      else this.#hand(socket, spoken);
    });
  }

  #hand(socket: Socket, spoken: "http2" | "http1"): void {
    const path = "path" in this.#at ? this.#at.path : undefined;
    const peer = peerOf(socket, path, spoken === "http2" ? "h2" : "http1");
    const connection = this.#serve[spoken](socket, peer);
    this.#connections.add(connection);
    socket.on("close", () => this.#connections.delete(connection));
  }

  async #drain(graceMs: number): Promise<void> {
    this.#stopReloading();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#silent) socket.destroy();
    for (const connection of this.#connections) connection.drain();
    const stopTimer = systemClock.after(graceMs, () => this.#cut());
    await closed;
    stopTimer();
  }

  #cut(): void {
    for (const connection of this.#connections) connection.close();
    const cut = () => {
      for (const socket of this.#sockets) socket.destroy();
    };
    // What is no connection yet has nothing to tell.
    if (this.#connections.size === 0) cut();
    else setTimeout(cut, this.#options.lingerMs).unref();
  }
}

/** @throws {TypeError} for what is no port and no path, which programs without types may give */
function checkPlace(at: ListenAt): void {
  const { port, host, path } = Object(at) as { port?: unknown; host?: unknown; path?: unknown };
  const isPort = typeof port === "number" && Number.isInteger(port) && port >= 0 && port <= MAX_PORT;
  const isHost = host === undefined || typeof host === "string";
  if (path === undefined ? isPort && isHost : typeof path === "string" && path !== "") return;
  const given =
    path !== undefined ? `path is ${shown(path)}` : isPort ? `host is ${shown(host)}` : `port is ${shown(port)}`;
  throw new TypeError(
    `cannot listen: ${given}; expected { port } from 0 to ${MAX_PORT}, with a host or without, or { path }`,
  );
}

/** Calls back after so long, unless what it returns is called before. */
function giveUpAfter(ms: number, giveUp: () => void): () => void {
  let isStopped = false;
  // Node runs timers before it reads: after a stall of the process, what came meanwhile must count.
  const timer = setTimeout(() => setImmediate(() => isStopped || giveUp()), ms).unref();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** Both ends of a connection, which no other has at a time; undefined over a Unix socket. */
function connectionOf({ remoteAddress, remotePort, localAddress }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** Node takes the option before these versions too, and ignores it. */
function canReusePort(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 22 ? minor >= 12 : major === 23 ? minor >= 1 : major > 23;
}

/** Whether a Unix socket's file has no server behind it any more. */
function isLeftOver(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(false);
    });
    probe.on("error", (error) => resolve(isRefused(error)));
  });
}

/** Missing from the types of Node 20. */
const REUSE = { reusePort: true };
const LOOPBACK = "127.0.0.1";
const MAX_PORT = 65_535;
/** Sources: sockaddr_un's sun_path without the NUL at its end, in Linux's unix(7) and in BSD's; Windows' CreateNamedPipe. */
const MAX_SOCKET_PATH_BYTES = { linux: 107, win32: 256 }[process.platform as string] ?? 103;
