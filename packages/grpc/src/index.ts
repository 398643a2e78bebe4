/** The runtime without a network: everything that Node and browsers share. */
export { type AccessLogOptions, accessLog, type CallEntry, type LogCall, slowCallLog } from "./call/access-log.js";
export type { Call } from "./call/call.js";
export { Code, codeName } from "./call/code.js";
export { type ContextKey, type ContextValues, createContextKey, createContextValues } from "./call/context-values.js";
export { EnvelopeBuilder } from "./call/envelope-builder.js";
export { Envelopes } from "./call/envelopes.js";
export type { Incoming, Requests, TakeBatch } from "./call/incoming.js";
export type { Interceptor, Invoke } from "./call/interceptor.js";
export type { Observer, Observers } from "./call/observer.js";
export type { Later } from "./call/promise-like.js";
export type { Many, Source, SourceIterator } from "./call/pump.js";
export {
  type Detail,
  type HeadersInit,
  type IncomingDetail,
  type OutgoingDetail,
  RpcError,
  type RpcErrorOptions,
} from "./call/rpc-error.js";
export { parseTraceParent, type TraceParent } from "./call/trace-parent.js";
export type { CallOptions } from "./client/call-options.js";
export { type Client, type ClientMethodOf, type ClientOptions, createClient, type Responses } from "./client/client.js";
export {
  type MethodConfigJson,
  type MethodPolicy,
  type RetryPolicyJson,
  type ServiceConfig,
  type ServiceConfigJson,
  serviceConfig,
} from "./client/service-config.js";
export type { Batch } from "./envelope/batch.js";
export type { Compression } from "./envelope/compression.js";
export type {
  Accept,
  Connection,
  ConnectionEvents,
  Exchange,
  Fields,
  HeaderBlock,
  Peer,
  Sink,
  Transport,
} from "./exchange.js";
export { ResetCode } from "./exchange.js";
export type { Codec } from "./message/custom-codec.js";
export { type JsonOptions, jsonFormat } from "./message/json-codec.js";
export { decodeBinaryField as decodeBinaryHeader, encodeBinaryField as encodeBinaryHeader } from "./protocol/base64.js";
export type { CorsOptions } from "./server/cors.js";
export type { Fallback } from "./server/fallback.js";
export type {
  BidiStreamingHandler,
  ClientStreamingHandler,
  MethodImpl,
  Out,
  ServerStreamingHandler,
  ServiceImpl,
  UnaryHandler,
} from "./server/handler.js";
export { createServer, type Server, type ServerOptions, type ServiceOptions } from "./server/server.js";
