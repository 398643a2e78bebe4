/** What the options of servers and services may be. */
import { CODEC, COMPRESSION, INTERCEPTORS, OBSERVERS } from "../call/expected-options.js";
import { A_FUNCTION, AN_OBJECT, type Expectations, listOf, numberFrom } from "../options.js";
import type { ServerOptions, ServiceOptions } from "./server.js";

export const SERVICE_OPTIONS: Expectations<ServiceOptions> = {
  interceptors: INTERCEPTORS,
  observer: OBSERVERS,
  compressions: listOf(COMPRESSION, 'compressions, such as gzip of "@routeguide/grpc/node"'),
  compressMinBytes: numberFrom(0),
  readMaxBytes: numberFrom(0),
  writeMaxBytes: numberFrom(0),
  maxTimeoutMs: numberFrom(0),
  jsonOptions: AN_OBJECT,
};

export const SERVER_OPTIONS: Expectations<ServerOptions> = {
  ...SERVICE_OPTIONS,
  maxHeldBytes: numberFrom(0),
  codecs: listOf(CODEC, "codecs, which have a name, encode() and decode()"),
  cors: AN_OBJECT,
  fallback: A_FUNCTION,
  onError: A_FUNCTION,
};
