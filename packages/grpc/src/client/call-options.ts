import type { ContextValues } from "../call/context-values.js";
import type { HeadersInit } from "../call/rpc-error.js";

/** What a caller may say of one call. The names are Connect-ES's. */
export interface CallOptions {
  /** Ends the call with DEADLINE_EXCEEDED after this many milliseconds; 0 or less: at once; Infinity: never. Default: no deadline. */
  readonly timeoutMs?: number;
  /**
   * Ends the call when it is aborted: with an RpcError that it is aborted with, with DEADLINE_EXCEEDED if it is one of
   * AbortSignal.timeout(), and else with CANCELLED. Only of `timeoutMs` does the server know beforehand.
   */
  readonly signal?: AbortSignal;
  /** Metadata to send. Values of names that end in "-bin" are base64: see `encodeBinaryHeader()`. */
  readonly headers?: HeadersInit;
  /** Called with the response's head, once. */
  readonly onHeader?: (headers: Headers) => void;
  /** Called with the response's trailers, once, whether the call ended well or not. */
  readonly onTrailer?: (trailers: Headers) => void;
  /** What interceptors may read. */
  readonly contextValues?: ContextValues;
  /** Waits for a connection however long it takes, instead of failing with UNAVAILABLE. Default: false. */
  readonly waitForReady?: boolean;
}
