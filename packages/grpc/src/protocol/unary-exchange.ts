import { FREE_PART_BYTES } from "../envelope/held-bytes.js";
import { COMPRESSED, PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
import type { Exchange, Fields, HeaderBlock, ResetCode, Sink } from "../exchange.js";
import { ERROR_HEAD, errorAnswer } from "./connect-unary-error.js";
import { errorOfFault } from "./fault.js";
import { headTooLarge, isTooLarge } from "./header-list.js";
import type { AdaptedExchange, AdaptOptions, RefusingSink } from "./protocol.js";
import { sendRefusal } from "./refusal.js";
import { WrappedExchange } from "./wrapped-exchange.js";

const NO_BLOCK: HeaderBlock = { fields: [] };

/**
 * An exchange of one envelope each way over bodies that are one message without a prefix, as Connect's unary form has them. The
 * response is kept until it has ended: only then is it known whether it is an error, and so its status. Of heads and bodies that
 * were given, the last counts.
 */
export class UnaryExchange extends WrappedExchange implements AdaptedExchange {
  readonly #options: AdaptOptions;
  #block = NO_BLOCK;
  #status = 200;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;

  constructor(exchange: Exchange, options: AdaptOptions) {
    super(exchange);
    this.#options = options;
  }

  receive(sink: RefusingSink): Sink {
    return new UnarySink(sink, this.inner, this.#options);
  }

  override head(block: HeaderBlock, status = 200): void {
    this.#block = block;
    this.#status = status;
  }

  override write(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return true;
  }

  /** The trailers go with the head; whoever ends has put them in their form. */
  override end(trailers: HeaderBlock = NO_BLOCK): void {
    const isCompressed = this.#bytes[this.#start] === COMPRESSED;
    const fields = this.#block.fields.filter((_, i, all) => isCompressed || all[i - (i % 2)] !== "content-encoding");
    const block = { fields: [...fields, ...trailers.fields] };
    const isHeadTooLarge = isTooLarge(this, block.fields);
    if (isHeadTooLarge && this.#status === 200) {
      sendRefusal(this.inner, errorAnswer(headTooLarge(this)));
      return;
    }
    // Of an error the code and the details are in the body.
    super.head(isHeadTooLarge ? ERROR_HEAD : block, this.#status);
    const start = this.#start + PREFIX_BYTES;
    if (start < this.#end) super.write(this.#bytes, start, this.#end);
    super.end();
  }

  /** What came was given back as it came: it is bounded. */
  override consumed(): void {}
}

/** Collects a message, and hands it on as one envelope. */
class UnarySink implements Sink {
  readonly #sink: RefusingSink;
  readonly #exchange: Exchange;
  readonly #options: AdaptOptions;
  /** Room for the prefix, then the message. */
  #bytes: Uint8Array;
  #length: number;
  /** What of it is counted. */
  #held = 0;
  /** Whether nothing more of the message is wanted. */
  #isOver = false;

  constructor(sink: RefusingSink, exchange: Exchange, options: AdaptOptions) {
    this.#sink = sink;
    this.#exchange = exchange;
    this.#options = options;
    const { message } = options;
    this.#length = message?.length ?? 0;
    this.#bytes = new Uint8Array(PREFIX_BYTES + this.#length);
    if (message !== undefined) this.#bytes.set(message, PREFIX_BYTES);
  }

  head(): void {
    // Heads of responses come to clients.
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.#exchange.consumed(end - start);
    // The body of a GET means nothing.
    if (this.#isOver || this.#options.message !== undefined) return;
    const length = this.#length + end - start;
    if (length > this.#options.maxBytes) {
      this.#bytes = new Uint8Array(PREFIX_BYTES);
      this.#length = length;
      this.#deliver();
      return;
    }
    if (!this.#reserve(PREFIX_BYTES + length)) return;
    this.#bytes.set(bytes.subarray(start, end), PREFIX_BYTES + this.#length);
    this.#length = length;
  }

  turn(): void {
    // A message is handed on when it is whole.
  }

  end(trailers: Fields): void {
    if (!this.#isOver) this.#deliver();
    this.#sink.end(trailers);
  }

  writable(): void {
    this.#sink.writable();
  }

  closed(code: ResetCode | undefined): void {
    this.#release();
    this.#sink.closed(code);
  }

  #deliver(): void {
    this.#release();
    const flags = this.#options.isCompressed && this.#length > 0 ? COMPRESSED : 0;
    writePrefix(this.#bytes, 0, flags, this.#length);
    this.#sink.data(this.#bytes, 0, Math.min(this.#bytes.length, PREFIX_BYTES + this.#length));
  }

  /** Returns false if there is no room, and then the call has ended. */
  #reserve(count: number): boolean {
    if (count <= this.#bytes.length) return true;
    const length = Math.max(count, this.#bytes.length * 2);
    const { held } = this.#options;
    const more = Math.max(0, length - FREE_PART_BYTES) - this.#held;
    if (held !== undefined && more > 0) {
      if (!held.take(more)) {
        this.#release();
        this.#bytes = new Uint8Array(0);
        this.#sink.refuse(errorOfFault({ kind: "too-much-held", maxBytes: held.maxBytes }));
        return false;
      }
      this.#held += more;
    }
    const larger = new Uint8Array(length);
    larger.set(this.#bytes);
    this.#bytes = larger;
    return true;
  }

  /** Nothing more is added to the message. */
  #release(): void {
    this.#isOver = true;
    this.#options.held?.give(this.#held);
    this.#held = 0;
  }
}
