import type { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Exchange, Fields, HeaderBlock } from "../exchange.js";
import type { Format } from "./content-type.js";

/** What a request's head says about its call. */
export interface RequestHead {
  readonly timeoutMs: number | undefined;
  /** What the request's messages are compressed with; undefined: nothing. */
  readonly compression: Compression | undefined;
}

/** One protocol on the server's side. There is one object for each, and it keeps no state. */
export interface ServerProtocol {
  /** As in Connect: "grpc", "grpc-web", "connect". */
  readonly name: string;
  /** The flag of an envelope that ends a body and is no message; 0: there is none. */
  readonly endFlag: number;
  /** Reads a request's head, or says what is wrong with it. */
  readHead(fields: Fields, compressions: readonly Compression[]): RequestHead | RpcError;
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
}
