import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Accept, Peer } from "../exchange.js";
import type { ServerConnection } from "./node-listener.js";

/** A request of HTTP/1.1 that asks for another protocol on its connection: RFC 9110, section 7.8. */
export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What came behind the request's head. */
  readonly head: Buffer;
  readonly peer: Peer;
}

/** A protocol that connections of HTTP/1.1 can change to. `webSocket()` of "@routeguide/grpc/websocket" is one. */
export interface Upgrade {
  /** What the request's Upgrade field says, in lower case. */
  readonly protocol: string;
  /**
   * Begins for one listener: what it returns takes over the connection of each such request, answers it, and serves what it then
   * brings; also if the answer is no.
   */
  begin(accept: Accept): (request: UpgradeRequest) => ServerConnection;
}

/** The bytes of a request's head as it came, but for what asks for another protocol. */
export function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    if (name.toLowerCase() !== "upgrade") text += `${name}: ${rawHeaders[i + 1]}\r\n`;
  }
  return Buffer.from(`${text}\r\n`, "latin1");
}
