import { type Exchange, type Fields, ResetCode, type Sink } from "../exchange.js";
import { Base64Pieces, encodeBase64Piece } from "./base64-pieces.js";
import type { AdaptedExchange } from "./protocol.js";
import { WrappedExchange } from "./wrapped-exchange.js";

/** An exchange of bytes over one of base64, as gRPC-Web's text form has it both ways. */
export class TextExchange extends WrappedExchange implements AdaptedExchange {
  /** Characters that came and were not given back, and the bytes in them that were not. */
  #characters = 0;
  #bytes = 0;

  receive(sink: Sink): Sink {
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
  readonly #sink: Sink;
  readonly #exchange: Exchange;
  readonly #came: (characters: number, bytes: number) => void;
  readonly #pieces = new Base64Pieces();
  #hasData = false;

  constructor(sink: Sink, exchange: Exchange, came: (characters: number, bytes: number) => void) {
    this.#sink = sink;
    this.#exchange = exchange;
    this.#came = came;
  }

  head(): void {
    // Heads of responses come to clients.
  }

  data(text: Uint8Array, start: number, end: number): void {
    const bytes = this.#pieces.decode(text, start, end);
    if (bytes === undefined) {
      this.#exchange.reset(ResetCode.ProtocolError);
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
    else this.#exchange.reset(ResetCode.ProtocolError);
  }

  writable(): void {
    this.#sink.writable();
  }

  closed(code: ResetCode | undefined): void {
    this.#sink.closed(code);
  }
}
