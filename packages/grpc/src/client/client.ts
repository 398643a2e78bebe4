import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { checkService } from "../call/check-schema.js";
import { Code } from "../call/code.js";
import { Deadlines } from "../call/deadline.js";
import type { Envelopes } from "../call/envelopes.js";
import { type Incoming, IncomingQueue } from "../call/incoming.js";
import type { Interceptor } from "../call/interceptor.js";
import { type Observers, observersOf } from "../call/observer.js";
import type { Many } from "../call/pump.js";
import { RpcError } from "../call/rpc-error.js";
import { Watch } from "../call/watch.js";
import type { Compression } from "../envelope/compression.js";
import { MOST_READ_BYTES } from "../envelope/splitter.js";
import type { Transport } from "../exchange.js";
import { ByteWriter } from "../message/byte-writer.js";
import type { Codec } from "../message/custom-codec.js";
import { checkOptions } from "../options.js";
import { shown } from "../shown.js";
import type { CallOptions } from "./call-options.js";
import { ClientCall } from "./client-call.js";
import { printLookError } from "./client-error.js";
import { ClientMethod, type ClientShared } from "./client-method.js";
import { CALL_OPTIONS, CLIENT_OPTIONS } from "./expected-options.js";
import { ReplacedResponses } from "./replaced-responses.js";
import type { ServiceConfig } from "./service-config.js";

type Out<D extends DescMessage> = MessageInitShape<D> | Envelopes;

/** The responses of a call. Leaving the loop over them early cancels the call, here and on the server. */
export interface Responses<D extends DescMessage> extends Incoming<MessageShape<D>> {
  /** Cancels the call. */
  cancel(): void;
}

/** How a method is called: as with Connect's clients. */
export type ClientMethodOf<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options?: CallOptions) => Responses<O>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: Many<Out<I>>, options?: CallOptions) => Promise<MessageShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (requests: Many<Out<I>>, options?: CallOptions) => Responses<O>
          : never;

/** A service's methods, to be called. */
export type Client<S extends DescService> = { readonly [P in keyof S["method"]]: ClientMethodOf<S["method"][P]> };

/** What holds for all calls of a client. */
export interface ClientOptions {
  /** Stand around each call, the first outermost. */
  readonly interceptors?: readonly Interceptor[];
  /** Looks at each call, or several do. */
  readonly observer?: Observers;
  /** Compressions that responses may use. Default: that of requests, if they have one; "./node" has gzip and others. */
  readonly compressions?: readonly Compression[];
  /** What requests are compressed with. Default: nothing. */
  readonly compression?: Compression;
  /** Requests of fewer bytes are not compressed, unless `call.compress` says so. Default: 1024. */
  readonly compressMinBytes?: number;
  /** The largest response message in bytes, as it is declared and once it is decompressed. Default: 4 MiB. */
  readonly readMaxBytes?: number;
  /** The largest request message in bytes. Default: 2^32 - 1, the most that an envelope can hold. */
  readonly writeMaxBytes?: number;
  /** How messages are written. Default: "proto", the binary format; `jsonFormat()` is another, and one of your own may be a third. */
  readonly format?: "proto" | Codec;
  /**
   * Makes calls of methods with `option idempotency_level = NO_SIDE_EFFECTS` with GET, so that caches may answer. Connect only.
   * Default: false.
   */
  readonly useHttpGet?: boolean;
  /** Timeouts, retries and limits by method. See `serviceConfig()`. */
  readonly serviceConfig?: ServiceConfig;
  /** What holds for calls that do not say otherwise. */
  readonly defaults?: CallOptions;
}

/**
 * Makes a client of a service over a transport.
 *
 * @throws {TypeError} for what is no service or no transport, and for an option that is none or is not what it should be
 * @throws {RangeError} for an option out of its range
 */
export function createClient<S extends DescService>(
  service: S,
  transport: Transport,
  options: ClientOptions = {},
): Client<S> {
  checkService(service);
  if (typeof transport?.connection !== "function") {
    throw new TypeError(`${shown(transport)} is no transport: expected what dial() gives, or another`);
  }
  checkOptions("createClient()", options, CLIENT_OPTIONS);
  checkOptions("defaults", options.defaults ?? {}, CALL_OPTIONS);
  const codec = options.format === "proto" ? undefined : options.format;
  const shared: ClientShared = {
    transport,
    deadlines,
    out,
    interceptors: options.interceptors ?? [],
    watch: Watch.of(observersOf(options.observer), printLookError),
    compressions: options.compressions ?? (options.compression === undefined ? [] : [options.compression]),
    compression: options.compression,
    compressMinBytes: options.compressMinBytes ?? 1024,
    readMaxBytes: Math.min(options.readMaxBytes ?? 4 * 1024 * 1024, MOST_READ_BYTES),
    writeMaxBytes: options.writeMaxBytes ?? 0xffffffff,
    format: codec?.name ?? "proto",
    codec,
    useHttpGet: options.useHttpGet ?? false,
    serviceConfig: options.serviceConfig,
    defaults: options.defaults ?? {},
  };
  const client: Record<string, unknown> = {};
  for (const desc of service.methods) client[desc.localName] = callable(desc, shared);
  // Each method got the function of its kind.
  return client as Client<S>;
}

const NO_OPTIONS: CallOptions = {};

/** @throws {RpcError} INVALID_ARGUMENT: whoever calls expects no other errors */
function checkCallOptions(options: CallOptions): void {
  try {
    checkOptions("a call", options, CALL_OPTIONS);
  } catch (error) {
    throw RpcError.from(error, Code.InvalidArgument);
  }
}

/** @throws {RpcError} if an interceptor has nothing to give, which its types cannot hold */
function given(response: unknown, { path }: ClientMethod): unknown {
  if (response !== undefined) return response;
  throw new RpcError(
    Code.Internal,
    `an interceptor of ${path} has returned nothing: expected what next() gave it, or another response`,
  );
}

/** One timer and one output for all clients of a process. */
const deadlines = new Deadlines();
const out = new ByteWriter();

function callable(desc: DescMethod, shared: ClientShared): (request: unknown, options?: CallOptions) => unknown {
  // Only ClientCalls are passed through the interceptors of a client.
  const method = new ClientMethod(desc, shared, (request, call) => (call as Call & ClientCall).start(request));
  const isIntercepted = shared.interceptors.length > 0;
  const defaults = Object.keys(shared.defaults).length === 0 ? undefined : shared.defaults;
  const begin = (request: unknown, options: CallOptions) => {
    const call = new ClientCall(method, defaults === undefined ? options : { ...defaults, ...options });
    const response = method.invoke(request, call);
    if (response instanceof IncomingQueue || !isIntercepted) return response;
    if (!method.isSingleResponse) return new ReplacedResponses(given(response, method), call);
    return Promise.resolve(response).then((message) => given(message, method));
  };
  return (request, options = NO_OPTIONS) => {
    try {
      if (options !== NO_OPTIONS) checkCallOptions(options);
      return begin(request, options);
    } catch (error) {
      // Who awaits a promise expects to find everything in there.
      if (method.isSingleResponse) return Promise.reject(error);
      throw error;
    }
  };
}
