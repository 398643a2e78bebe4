import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Peer } from "../exchange.js";
import type { ContextValues } from "./context-values.js";

/**
 * What a handler and the interceptors know of a call. It has the names of Connect-ES's HandlerContext, and makes each object the
 * first time that somebody asks for it. The last part is ours.
 */
export interface Call {
  /** The service that is called. */
  readonly service: DescService;
  /** The method of it. */
  readonly method: DescMethod;
  /** "grpc", "grpc-web" or "connect". */
  readonly protocolName: string;
  /** The HTTP method: POST, or on the server GET, if a client of Connect called with that. */
  readonly requestMethod: string;
  /** Where the call goes: scheme, host and path. */
  readonly url: string;
  /** The request's metadata. On the client, changes count until the interceptors have called on. */
  readonly requestHeader: Headers;
  /** Fields for the response's head. Changes count until the first message, or {@link sendHeader}. */
  readonly responseHeader: Headers;
  /** Fields for the response's trailers. Changes count until the handler has settled. */
  readonly responseTrailer: Headers;
  /** Aborted when the caller cancels, the deadline passes, the connection breaks, or the call ends. */
  readonly signal: AbortSignal;
  /** What is left until the deadline in milliseconds, at least 0; undefined without one. */
  timeoutMs(): number | undefined;
  /** What interceptors leave for handlers, and for each other. */
  readonly values: ContextValues;

  /** One field of the request's head, without making `requestHeader`. The name is in lower case. */
  header(name: string): string | undefined;
  /** One binary field of the request's head, decoded; undefined if it is absent or not base64. */
  bytes(name: `${string}-bin`): Uint8Array | undefined;
  /** Sends the response's head now. Without it, the head leaves with the first message. */
  sendHeader(): void;
  /**
   * Whether messages that this side sends from now on are compressed, if the peer accepts that: true: all; false: none; undefined
   * (default): those that are large enough, as the options say. Finished envelopes leave as they are.
   */
  compress: boolean | undefined;
  /** Whether the caller has gone or the deadline has passed, without making `signal`. */
  readonly cancelled: boolean;
  /** The other side. */
  readonly peer: Peer;
}
