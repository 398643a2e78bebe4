import { COMPRESSED, PREFIX_BYTES } from "../envelope/prefix.js";
import type { Connection, Exchange, Fields, HeaderBlock, Peer, ResetCode } from "../exchange.js";
import type { CallSink, OpenRequest } from "./client-protocol.js";
import { encodeGetQuery } from "./connect-get.js";
import { UnaryResponse } from "./connect-unary-response.js";
import { CONNECT_VERSION_FIELD } from "./connect-version.js";

/** Longer URLs are not taken everywhere: such a request goes as POST. Source: RFC 9110, section 4.1. */
const MOST_PATH_CHARACTERS = 8000;

/** What a GET says in its query, or need not say. */
const NOT_IN_GET = new Set(["content-type", CONNECT_VERSION_FIELD]);

/**
 * The request of a unary Connect call. The call writes its message as an envelope, as always; what leaves, once it has ended, is
 * the message alone.
 */
export class UnaryRequest implements Exchange {
  readonly authority = "";
  readonly path: string;
  readonly fields: Fields;
  readonly peer: Peer;
  readonly #connection: Connection;
  readonly #request: OpenRequest;
  readonly #call: CallSink;
  #exchange: Exchange | undefined = undefined;
  #isClosed = false;
  #bytes: Uint8Array = NO_BYTES;
  #start = 0;
  #end = 0;

  constructor(connection: Connection, request: OpenRequest, call: CallSink) {
    this.#connection = connection;
    this.#request = request;
    this.#call = call;
    this.path = request.path;
    this.fields = request.block.fields;
    this.peer = connection.peer;
  }

  get verb(): string {
    return this.#exchange?.verb ?? "POST";
  }

  /** A request's head has its time in `end()`. */
  head(): void {}

  write(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return true;
  }

  end(): void {
    if (this.#exchange !== undefined || this.#isClosed) return;
    const isCompressed = ((this.#bytes[this.#start] ?? 0) & COMPRESSED) !== 0;
    const response = new UnaryResponse(this.#call, this.#request);
    const exchange = this.#get(isCompressed, response) ?? this.#post(isCompressed, response);
    response.exchange = exchange;
    this.#exchange = exchange;
    exchange.end();
  }

  reset(code: ResetCode): void {
    if (this.#exchange !== undefined) {
      this.#exchange.reset(code);
    } else if (!this.#isClosed) {
      this.#isClosed = true;
      this.#call.closed(code);
    }
  }

  /** The response's own sink has given the window back. */
  consumed(): void {}

  release(): void {}

  #post(isCompressed: boolean, response: UnaryResponse): Exchange {
    const { path, block, compression } = this.#request;
    const encoding = isCompressed ? compression?.name : undefined;
    const head = encoding === undefined ? block : { fields: [...block.fields, "content-encoding", encoding] };
    const exchange = this.#connection.open(path, head, response);
    exchange.write(this.#bytes, this.#start + PREFIX_BYTES, this.#end);
    return exchange;
  }

  /** The exchange of a GET, if it is to be one. */
  #get(isCompressed: boolean, response: UnaryResponse): Exchange | undefined {
    const { path, block, options, compression, isGet } = this.#request;
    if (!isGet || this.#end - this.#start > MOST_PATH_CHARACTERS) return undefined;
    const query = encodeGetQuery({
      format: options.format,
      message: this.#bytes.subarray(this.#start + PREFIX_BYTES, this.#end),
      encoding: isCompressed ? compression?.name : undefined,
    });
    if (path.length + query.length > MOST_PATH_CHARACTERS) return undefined;
    return this.#connection.open(path + query, withoutBody(block), response, "GET");
  }
}

function withoutBody({ fields }: HeaderBlock): HeaderBlock {
  const left: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] ?? "";
    if (!NOT_IN_GET.has(name)) left.push(name, fields[i + 1] ?? "");
  }
  return { fields: left };
}

const NO_BYTES = new Uint8Array(0);
