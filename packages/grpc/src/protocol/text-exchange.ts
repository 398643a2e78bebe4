import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Exchange, Fields, ResetCode, Sink } from "../exchange.js";
import { Base64Pieces, encodeBase64Piece } from "./base64-pieces.js";
import type { AdaptedExchange, RefusingSink } from "./protocol.js";
import { WrappedExchange } from "./wrapped-exchange.js";

/** An exchange of bytes over one of base64, as gRPC-Web's text form has it both ways. */
export class TextExchange extends WrappedExchange implements AdaptedExchange {
  /** Characters that came and were not given back, and the bytes in them that were not. */
  #characters = 0;
  #bytes = 0;

  receive(sink: RefusingSink): Sink {
    return new TextSink(sink, this.inner, (characters, bytes) => {
      this.#characters += characters;
      this.#bytes += bytes;
    });
  }

  override write(bytes: Uint8Array, start: number, end: number): boolean {
    const text = encodeBase64Piece(bytes.subarray(start, end));
    return super.write(text, 0, text.length);
  }

  /** Keeps as many characters back as the bytes that are left take. */
  override consumed(bytes: number): void {
    this.#bytes -= bytes;
    const kept = Math.min(this.#characters, Math.ceil(this.#bytes / 3) * 4);
    const given = this.#characters - kept;
    this.#characters = kept;
    if (given > 0) super.consumed(given);
  }
}

class TextSink implements Sink {
  readonly #sink: RefusingSink;
  readonly #exchange: Exchange;
  readonly #came: (characters: number, bytes: number) => void;
  readonly #pieces = new Base64Pieces();
  #hasData = false;
  #isRefused = false;

  constructor(sink: RefusingSink, exchange: Exchange, came: (characters: number, bytes: number) => void) {
    this.#sink = sink;
    this.#exchange = exchange;
    this.#came = came;
  }

  head(): void {
    // Heads of responses come to clients.
  }

  data(text: Uint8Array, start: number, end: number): void {
    const bytes = this.#isRefused ? undefined : this.#pieces.decode(text, start, end);
    if (bytes === undefined) {
      this.#exchange.consumed(end - start);
      this.#refuse();
      return;
    }
    this.#came(end - start, bytes.length);
    if (bytes.length === 0) return;
    this.#hasData = true;
    this.#sink.data(bytes, 0, bytes.length);
  }

  turn(): void {
    if (!this.#hasData) return;
    this.#hasData = false;
    this.#sink.turn();
  }

  end(trailers: Fields): void {
    if (this.#pieces.isWhole) this.#sink.end(trailers);
    else this.#refuse();
  }

  writable(): void {
    this.#sink.writable();
  }

  closed(code: ResetCode | undefined): void {
    this.#sink.closed(code);
  }

  #refuse(): void {
    this.#isRefused = true;
    this.#sink.refuse(
      new RpcError(Code.Internal, "the request's body is not base64, as application/grpc-web-text has it"),
    );
  }
}
