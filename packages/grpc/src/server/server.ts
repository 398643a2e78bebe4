import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { Code, codeName } from "../call/code.js";
import { Deadlines } from "../call/deadline.js";
import type { Interceptor, Invoke } from "../call/interceptor.js";
import { type Observers, observersOf } from "../call/observer.js";
import { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import { MOST_READ_BYTES } from "../envelope/splitter.js";
import type { Accept, Exchange, Sink } from "../exchange.js";
import { ByteWriter } from "../message/byte-writer.js";
import type { JsonOptions } from "../message/json-codec.js";
import type { Format } from "../protocol/content-type.js";
import type { ServerProtocol } from "../protocol/protocol.js";
import { isRefusal, type Refusal, select } from "../protocol/select.js";
import type { ServiceImpl } from "./handler.js";
import { IgnoredRequest } from "./ignored-request.js";
import { type CallOptions, Route, type Shared } from "./route.js";
import { ServerCall } from "./server-call.js";

/** What holds for calls; what is given for a service stands above what is given for the server. */
export interface ServiceOptions {
  /** Stand around each call, the first outermost. Those of a service stand inside those of the server. */
  readonly interceptors?: readonly Interceptor[];
  /** Looks at each call, or several do. Those of a service come after those of the server. */
  readonly observer?: Observers;
  /** Compressions that requests may use, and in which such requests are answered. Default: none; "./node" has gzip and deflate. */
  readonly compressions?: readonly Compression[];
  /** Responses of fewer bytes are never compressed. Default: 1024. */
  readonly compressMinBytes?: number;
  /** The largest request message in bytes, as it is declared and once it is decompressed. Default: 4 MiB. */
  readonly readMaxBytes?: number;
  /** The largest response message in bytes. Default: 2^32 - 1, the most that an envelope can hold. */
  readonly writeMaxBytes?: number;
  /** The longest timeout in milliseconds that a caller may ask for; longer ones are refused. Default: any. */
  readonly maxTimeoutMs?: number;
  /** How calls in JSON are read and written. Messages with a google.protobuf.Any need a `registry` in here. */
  readonly jsonOptions?: JsonOptions;
}

export interface ServerOptions extends ServiceOptions {
  /** Told of whatever a handler throws that was not meant for the caller. Default: prints it to the console. */
  onError?(error: unknown, call: Call | undefined): void;
}

/** Services and their handlers, on any number of carriers. */
export interface Server extends AsyncDisposable {
  /** Adds a service. A method without a handler answers UNIMPLEMENTED. */
  service<S extends DescService>(service: S, impl: ServiceImpl<S>, options?: ServiceOptions): this;
  /** The services that were added. */
  readonly services: readonly DescService[];
  /** Takes the exchanges of any carrier. */
  readonly accept: Accept;
  /**
   * Takes no more calls, and waits for those that run. After `graceMs` milliseconds the rest end with UNAVAILABLE.
   */
  drain(graceMs: number): Promise<void>;
}

export function createServer(options: ServerOptions = {}): Server {
  return new RouteServer(options);
}

const DEFAULTS: CallOptions = {
  interceptors: [],
  observers: [],
  compressions: [],
  compressMinBytes: 1024,
  readMaxBytes: 4 * 1024 * 1024,
  writeMaxBytes: 0xffffffff,
  maxTimeoutMs: Number.POSITIVE_INFINITY,
  jsonOptions: {},
};

class RouteServer implements Server {
  readonly #services: DescService[] = [];
  readonly #routes = new Map<string, Route>();
  readonly #options: CallOptions;
  readonly #shared: Shared;
  readonly #idle = new Set<() => void>();
  #isDraining = false;

  constructor(options: ServerOptions) {
    this.#options = resolve(DEFAULTS, options);
    this.#shared = {
      deadlines: new Deadlines(),
      out: new ByteWriter(),
      running: new Set(),
      onError: options.onError ?? printError,
      onSettled: () => {
        if (this.#shared.running.size === 0) for (const wake of this.#idle) wake();
      },
    };
  }

  get services(): readonly DescService[] {
    return this.#services;
  }

  service<S extends DescService>(service: S, impl: ServiceImpl<S>, options: ServiceOptions = {}): this {
    if (this.#services.some(({ typeName }) => typeName === service.typeName)) {
      throw new TypeError(`service ${service.typeName} is there already: add each service once`);
    }
    const resolved = resolve(this.#options, options);
    this.#services.push(service);
    for (const method of service.methods) {
      const route = new Route(method, handlerOf(method, impl), resolved, this.#shared);
      this.#routes.set(`/${service.typeName}/${method.name}`, route);
    }
    return this;
  }

  readonly accept: Accept = (exchange: Exchange): Sink => {
    const selected = select(exchange);
    if (isRefusal(selected)) return refuse(exchange, selected);
    const { protocol, format } = selected;
    const route = this.#routes.get(exchange.path);
    if (route === undefined) {
      const error = new RpcError(Code.Unimplemented, `there is no method ${exchange.path}`);
      return answer(exchange, protocol, format, error);
    }
    if (this.#isDraining) {
      return answer(exchange, protocol, format, new RpcError(Code.Unavailable, "the server is stopping"));
    }
    const head = protocol.readHead(exchange.fields, route.options.compressions);
    if (head instanceof RpcError) return answer(exchange, protocol, format, head, route.options.compressions);
    const call = new ServerCall(exchange, route, protocol, format, head);
    call.begin();
    return call;
  };

  async drain(graceMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#shared.running.size === 0) return;
    await new Promise<void>((done) => {
      const end = () => {
        clearTimeout(timer);
        this.#idle.delete(end);
        done();
      };
      const timer = setTimeout(() => {
        for (const call of this.#shared.running) call.abandon();
        end();
      }, graceMs);
      this.#idle.add(end);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain(0);
  }
}

function handlerOf<S extends DescService>(method: DescMethod, impl: ServiceImpl<S>): Invoke {
  // The types of ServiceImpl hold that this is a handler of the method's kind.
  const handler = (impl as Readonly<Record<string, Invoke | undefined>>)[method.localName];
  if (handler !== undefined) return handler.bind(impl);
  return () => {
    throw new RpcError(Code.Unimplemented, `${method.parent.typeName} has no handler for ${method.name}`);
  };
}

function resolve(base: CallOptions, given: ServiceOptions): CallOptions {
  const resolved: CallOptions = {
    interceptors: [...base.interceptors, ...(given.interceptors ?? [])],
    observers: [...base.observers, ...observersOf(given.observer)],
    compressions: given.compressions ?? base.compressions,
    compressMinBytes: given.compressMinBytes ?? base.compressMinBytes,
    readMaxBytes: Math.min(given.readMaxBytes ?? base.readMaxBytes, MOST_READ_BYTES),
    writeMaxBytes: given.writeMaxBytes ?? base.writeMaxBytes,
    maxTimeoutMs: given.maxTimeoutMs ?? base.maxTimeoutMs,
    jsonOptions: given.jsonOptions ?? base.jsonOptions,
  };
  for (const name of ["compressMinBytes", "readMaxBytes", "writeMaxBytes", "maxTimeoutMs"] as const) {
    if (!(resolved[name] >= 0)) throw new RangeError(`${name} is ${resolved[name]}: expected a number of at least 0`);
  }
  return Object.freeze(resolved);
}

function answer(
  exchange: Exchange,
  protocol: ServerProtocol,
  format: Format,
  error: RpcError,
  compressions: readonly Compression[] = [],
): Sink {
  const nothing = { headSent: false, addedHeader: undefined, addedTrailer: undefined };
  protocol.end(exchange, { ...nothing, format, compressions }, error);
  return new IgnoredRequest(exchange);
}

function refuse(exchange: Exchange, { status, block, bytes, isEarly }: Refusal): Sink {
  const say = () => {
    exchange.head(block, status);
    exchange.write(bytes, 0, bytes.length);
    exchange.end();
  };
  if (isEarly) say();
  return new IgnoredRequest(exchange, isEarly ? undefined : say);
}

function printError(error: unknown, call: Call | undefined): void {
  const where = call === undefined ? "" : ` ${call.service.typeName}/${call.method.name}`;
  console.error(`${codeName(Code.Unknown)}${where}:`, error);
}
