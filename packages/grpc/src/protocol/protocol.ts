import type { Registry } from "@bufbuild/protobuf";
import type { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { HeldBytes } from "../envelope/held-bytes.js";
import type { Exchange, Fields, HeaderBlock, Sink } from "../exchange.js";
import type { Dialect, Format } from "./content-type.js";

/** What a request's head says about its call. */
export interface RequestHead {
  readonly timeoutMs: number | undefined;
  /** What the request's messages are compressed with; undefined: nothing. */
  readonly compression: Compression | undefined;
  /** What messages of the response may be compressed with; undefined: nothing. */
  readonly accepted: Compression | undefined;
}

/** One protocol on the server's side. There is one object for each dialect, and it keeps no state. */
export interface ServerProtocol {
  /** As in Connect: "grpc", "grpc-web", "connect". */
  readonly name: string;
  readonly dialect: Dialect;
  /** Reads a request's head, or says what is wrong with it. */
  readHead(fields: Fields, compressions: readonly Compression[]): RequestHead | RpcError;
  /** Stands between exchange and call, where a body is no plain stream of envelopes; undefined: it is one. */
  readonly adapt: ((exchange: Exchange, options: AdaptOptions) => AdaptedExchange) | undefined;
  /** The response's head when the handler added nothing. Made once for each combination. */
  head(format: Format, compressions: readonly Compression[], sent: Compression | undefined): HeaderBlock;
  /** The same head with fields of the handler's. */
  headWith(block: HeaderBlock, added: Headers): HeaderBlock;
  /** Ends a response. `error` undefined: well. */
  end(exchange: Exchange, response: ResponseEnd, error: RpcError | undefined): void;
}

/** What {@link ServerProtocol.end} needs to know of a response. */
export interface ResponseEnd {
  readonly format: Format;
  readonly headSent: boolean;
  /** What requests may be compressed with. */
  readonly compressions: readonly Compression[];
  /** Fields that the handler set, if it set any. */
  readonly addedHeader: Headers | undefined;
  readonly addedTrailer: Headers | undefined;
  /** What protobuf's JSON knows beside the method's own types. */
  readonly registry: Registry | undefined;
}

export interface AdaptOptions {
  /** The largest message. */
  readonly maxBytes: number;
  /** Where a message that has come in part is counted. */
  readonly held: HeldBytes | undefined;
  /** Whether the request's message is compressed, where no prefix says so. */
  readonly isCompressed: boolean;
  /** The request's message, if it did not come as the body. */
  readonly message: Uint8Array | undefined;
}

/** An exchange whose bodies are streams of envelopes, made of one whose bodies are not. */
export interface AdaptedExchange extends Exchange {
  /** The sink for the exchange beneath, which hands on to this one. */
  receive(sink: RefusingSink): Sink;
}

/** The sink of a call whose request may turn out not to be what its content type says. */
export interface RefusingSink extends Sink {
  /** Ends the call with this error. What still comes of the request is not read any more. */
  refuse(error: RpcError): void;
}
