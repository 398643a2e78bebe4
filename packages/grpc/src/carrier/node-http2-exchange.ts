import type { Http2Session, Http2Stream } from "node:http2";
import type { ResetCode } from "../exchange.js";
import { NodeExchange } from "./node-exchange.js";

/** Whether a session has lost its connection. Node 20.20 destroys such a session before its streams close, Node 20.19 after that. */
export const isGone = ({ destroyed, socket }: Http2Session): boolean => destroyed || socket.destroyed;

/** What both sides of an exchange over node:http2 have in common: its one stream. */
export abstract class Http2Exchange extends NodeExchange {
  protected stream: Http2Stream | undefined;

  /** The stream is gone. Its code says how, as far as node:http2 can tell. */
  protected abstract codeOf(stream: Http2Stream): ResetCode | undefined;

  /** Listens to how the stream closes; from here on this exchange sends on it. */
  protected attach(stream: Http2Stream): void {
    this.stream = stream;
    this.outgoing.attach(stream);
    // A close always follows, and its code says all that the error does.
    stream.on("error", () => {});
    stream.on("close", () => this.onStreamClosed(stream));
  }

  protected onStreamClosed(stream: Http2Stream): void {
    if (!this.isClosed) this.close(this.codeOf(stream));
  }

  protected override cut(code: ResetCode): void {
    this.stream?.close(code);
  }
}
