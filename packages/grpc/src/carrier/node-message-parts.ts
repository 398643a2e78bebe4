import type { Socket } from "node:net";
import type { WebSocket } from "ws";

/** Two reads, as what is told of one is known with the next. Small messages go on while others fill the rest. */
const FREE_BYTES = 131_072;
/** What stands around the content of a control frame that a client sends: RFC 6455, section 5.2. */
const CONTROL_FRAME_BYTES = 6;

/**
 * What the WebSockets of a listener have brought of messages that are not whole. Each message is bounded by itself, but it may stop
 * short of its end on a thousand sockets, and the package ws keeps what has come.
 */
export class MessageParts {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Counts those of one socket, until it closes or there are too many. */
  watch(socket: Socket, webSocket: WebSocket, tooMany: () => void): void {
    let came = 0;
    let counted = 0;
    const count = () => {
      const before = counted;
      counted = Math.max(0, came - FREE_BYTES);
      this.#bytes += counted - before;
    };
    const restart = () => {
      came = 0;
      count();
    };
    const leaveOut = ({ length }: Buffer) => {
      came = Math.max(0, came - CONTROL_FRAME_BYTES - length);
      count();
    };
    const take = ({ length }: Buffer) => {
      came += length;
      count();
      if (this.#bytes <= this.#maxBytes) return;
      socket.off("data", take);
      tooMany();
    };
    // Behind the listener of ws: a message that ends within a read has been told by now.
    socket.on("data", take);
    socket.once("close", restart);
    webSocket.on("message", restart);
    webSocket.on("ping", leaveOut);
    webSocket.on("pong", leaveOut);
  }
}
