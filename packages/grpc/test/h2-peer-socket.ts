import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, connect as dial, type NetConnectOpts, type Socket } from "node:net";
import { H2Peer } from "./h2-peer.js";
import type { Frame } from "./h2-peer-frames.js";

/** An {@link H2Peer} over a real socket. */
export class SocketPeer extends H2Peer implements Disposable {
  readonly socket: Socket;
  readonly #events = new EventEmitter();
  #hasEnded = false;

  constructor(role: "client" | "server", socket: Socket) {
    super(role, (bytes) => socket.write(bytes));
    this.socket = socket;
    socket.on("data", (chunk) => {
      this.came(chunk);
      this.#events.emit("change");
    });
    socket.on("error", () => this.#end());
    socket.on("close", () => this.#end());
    socket.on("end", () => this.#end());
  }

  /** Whether the other side has ended or cut the connection. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The first frame, of all that have come or will, for which this holds; undefined if the connection ends before. */
  async frame(isWanted: (frame: Frame) => boolean): Promise<Frame | undefined> {
    await this.until(() => this.frames.some(isWanted));
    return this.frames.find(isWanted);
  }

  /** Waits until this holds, or the connection has ended. */
  async until(holds: () => boolean): Promise<void> {
    while (!this.#hasEnded && !holds()) await once(this.#events, "change");
  }

  /** Waits for the other side to end the connection. */
  async ended(): Promise<void> {
    await this.until(() => false);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#events.emit("change");
  }
}

/** A raw client of whatever listens there. */
export async function connectPeer(to: NetConnectOpts): Promise<SocketPeer> {
  const socket = dial(to);
  await once(socket, "connect");
  return new SocketPeer("client", socket);
}

/** Listens on a port of 127.0.0.1: whatever connects gets a raw server. */
export async function listenPeer(onPeer: (peer: SocketPeer) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    onPeer(new SocketPeer("server", socket));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
