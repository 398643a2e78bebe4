import type { RpcError } from "../call/rpc-error.js";
import { IDENTITY } from "../envelope/compression.js";
import { COMPRESSED, PREFIX_BYTES, writePrefix } from "../envelope/prefix.js";
import type { Exchange, Fields, ResetCode, Sink } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { costOf } from "../message/json-cost.js";
import type { CallSink, OpenRequest } from "./client-protocol.js";
import { errorOfStatus } from "./connect-client.js";
import { errorFromJson } from "./connect-error-json.js";
import { isPrefixedTrailer, prefixedTrailers } from "./connect-trailers.js";
import { codeOfHttpStatus } from "./http-status.js";
import { fieldsOf, headersOf, isReserved } from "./metadata.js";

const decoder = new TextDecoder();

/**
 * The response of a unary Connect call. It brings the call what calls are used to: a message as an envelope, and trailers by
 * themselves; or the error that the body tells.
 */
export class UnaryResponse implements Sink {
  /** Set as soon as there is one, before anything comes. */
  exchange: Exchange | undefined = undefined;
  readonly #call: CallSink;
  readonly #request: OpenRequest;
  #status = 0;
  #fields: Fields = [];
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(call: CallSink, request: OpenRequest) {
    this.#call = call;
    this.#request = request;
  }

  head(status: number, fields: Fields): void {
    this.#status = status;
    this.#fields = fields;
    const own: string[] = [];
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const name = fields[i] ?? "";
      if (!isPrefixedTrailer(name)) own.push(name, fields[i + 1] ?? "");
    }
    this.#call.head(status, own);
  }

  data(bytes: Uint8Array, start: number, end: number): void {
    this.exchange?.consumed(end - start);
    const isTooLarge = this.#length > this.#request.readMaxBytes;
    if (isTooLarge) return;
    this.#chunks.push(bytes.subarray(start, end));
    this.#length += end - start;
    // Told at once, as if the body had said its length in front.
    if (this.#length > this.#request.readMaxBytes) this.#tellMessage();
  }

  turn(): void {}

  end(): void {
    const trailers = prefixedTrailers(this.#fields);
    if (this.#status === 200) {
      this.#tellMessage();
      this.#call.ended({ trailers: fieldsOf(trailers), error: undefined });
    } else {
      const metadata = headersOf(this.#fields, (name) => !isReserved(name) && !isPrefixedTrailer(name));
      for (const [name, value] of trailers) metadata.append(name, value);
      this.#call.ended({ trailers: fieldsOf(trailers), error: this.#error(metadata) });
    }
  }

  writable(): void {
    this.#call.writable();
  }

  closed(code: ResetCode | undefined, reason?: Error): void {
    this.#call.closed(code, reason);
  }

  #tellMessage(): void {
    const isCompressed = this.#length > 0 && this.#encoding !== IDENTITY;
    const envelope = this.#body(PREFIX_BYTES);
    writePrefix(envelope, 0, isCompressed ? COMPRESSED : 0, this.#length);
    this.#call.data(envelope, 0, envelope.length);
  }

  get #encoding(): string {
    return fieldValue(this.#fields, "content-encoding") ?? IDENTITY;
  }

  /** All that came, with room in front. */
  #body(from: number): Uint8Array {
    const body = new Uint8Array(from + this.#length);
    let at = from;
    for (const chunk of this.#chunks) {
      body.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [];
    return body;
  }

  #error(metadata: Headers): RpcError {
    const { compressions } = this.#request.options;
    const compression = compressions.find(({ name }) => name === this.#encoding);
    const body = this.#body(0);
    const bytes = compression === undefined ? body : compression.decompress(body, this.#request.readMaxBytes);
    const error =
      bytes instanceof Uint8Array ? errorFromJson(parsed(bytes), codeOfHttpStatus(this.#status), metadata) : undefined;
    return error ?? errorOfStatus(this.#status);
  }
}

function parsed(bytes: Uint8Array): unknown {
  if (costOf(bytes) !== undefined) return undefined;
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
