import type { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Connection, Exchange, Fields, HeaderBlock, Sink } from "../exchange.js";
import type { Format } from "./content-type.js";

/** What a client asks for with a request's head. */
export interface RequestOptions {
  readonly format: Format;
  readonly compressions: readonly Compression[];
  /** What the request's messages are compressed with. */
  readonly compression: Compression | undefined;
  readonly timeoutMs: number | undefined;
  readonly metadata: Headers | undefined;
  /** How often the call was tried before, by a retry policy. */
  readonly previousAttempts: number;
}

/** What a client understands of a response. */
export type ResponseOptions = Pick<RequestOptions, "format" | "compressions">;

/** What a response's head says: the compression of its messages. */
export interface ResponseHead {
  readonly compression: Compression | undefined;
}

/** How a response ended. */
export interface ResponseOutcome {
  /** The server's trailers, wherever the protocol has them. */
  readonly trailers: Fields;
  /** undefined: the call ended well. */
  readonly error: RpcError | undefined;
}

/** A call as those protocols see it that bring its response in their own way. */
export interface CallSink extends Sink {
  /** The response has ended; stands for `end()`. */
  ended(outcome: ResponseOutcome): void;
}

/** A call that a protocol opens in its own way. */
export interface OpenRequest {
  readonly path: string;
  readonly block: HeaderBlock;
  readonly options: ResponseOptions;
  /** What the message is compressed with, if it is. */
  readonly compression: Compression | undefined;
  readonly readMaxBytes: number;
  /** Ask with GET, so that caches may answer: the method has no side effects, and the caller wants it. */
  readonly isGet: boolean;
}

/** One protocol on the client's side. There is one object for each, and it keeps no state. */
export interface ClientProtocol {
  /** As in Connect: "grpc", "grpc-web", "connect". */
  readonly name: string;
  /** The flag of an envelope that ends a body and is no message; 0: there is none. */
  readonly endFlag: number;
  /** The head of a request. Made once for all calls of a method that have nothing of their own in it. */
  requestHead(options: RequestOptions): HeaderBlock;
  /** Reads a response's head, or says what it means that it is none. */
  readHead(status: number, fields: Fields, options: ResponseOptions): ResponseHead | RpcError;
  /** Whether a head says by itself how the call ended, so that nothing else follows. */
  isOutcome(status: number, fields: Fields): boolean;
  /**
   * How a call ended.
   *
   * @param endMessage what the envelope with the end flag held, if one came
   */
  readEnd(head: Fields, trailers: Fields, endMessage: Uint8Array | undefined): ResponseOutcome;
  /** Opens a call whose body is no stream of envelopes. Absent: as `Connection.open()` does. */
  readonly open?: (connection: Connection, request: OpenRequest, call: CallSink) => Exchange;
}
