/** What the options of clients and of their calls may be. */
import { CODEC, COMPRESSION, INTERCEPTORS, OBSERVERS } from "../call/expected-options.js";
import {
  A_BOOLEAN,
  A_FUNCTION,
  AN_OBJECT,
  ANYTHING,
  type Expectations,
  either,
  listOf,
  numberFrom,
  oneOf,
  withMethods,
} from "../options.js";
import type { CallOptions } from "./call-options.js";
import type { ClientOptions } from "./client.js";

export const CLIENT_OPTIONS: Expectations<ClientOptions> = {
  interceptors: INTERCEPTORS,
  observer: OBSERVERS,
  compressions: listOf(COMPRESSION, 'compressions, such as gzip of "@routeguide/grpc/node"'),
  compression: COMPRESSION,
  compressMinBytes: numberFrom(0),
  readMaxBytes: numberFrom(0),
  writeMaxBytes: numberFrom(0),
  format: either(oneOf("proto"), CODEC),
  useHttpGet: A_BOOLEAN,
  serviceConfig: withMethods("what serviceConfig() gives", "policyOf"),
  defaults: AN_OBJECT,
};

export const CALL_OPTIONS: Expectations<CallOptions> = {
  timeoutMs: { what: "milliseconds", is: (value) => typeof value === "number" && !Number.isNaN(value) },
  signal: withMethods("an AbortSignal", "addEventListener", "removeEventListener"),
  // Headers itself says what is wrong with them.
  headers: ANYTHING,
  onHeader: A_FUNCTION,
  onTrailer: A_FUNCTION,
  contextValues: withMethods("what createContextValues() gives", "get", "set"),
  waitForReady: A_BOOLEAN,
};
