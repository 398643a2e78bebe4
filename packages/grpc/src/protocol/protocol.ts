import type { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { EnvelopeFault } from "../envelope/splitter.js";
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

/** What an envelope fault means in a request or a response, in words. */
export function describeFault(fault: EnvelopeFault): string {
  switch (fault.kind) {
    case "too-large":
      return fault.bytes === undefined
        ? `a message is larger than ${fault.maxBytes} bytes once decompressed: raise readMaxBytes to accept it`
        : `a message of ${fault.bytes} bytes is larger than the ${fault.maxBytes} bytes allowed: raise readMaxBytes to accept it`;
    case "unexpected-compression":
      return "a message is marked as compressed, but the stream names no compression";
    case "malformed-compression":
      return `a message does not decompress with ${fault.encoding}`;
    case "unknown-flags":
      return `an envelope has the unknown flags 0x${fault.flags.toString(16)}`;
    case "after-end":
      return "there is more after the end of the stream";
  }
}
