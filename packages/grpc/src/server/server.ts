import type { DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { checkService } from "../call/check-schema.js";
import { Code, codeName } from "../call/code.js";
import { Deadlines } from "../call/deadline.js";
import type { Interceptor } from "../call/interceptor.js";
import { type Observers, observersOf } from "../call/observer.js";
import { RpcError } from "../call/rpc-error.js";
import { systemClock } from "../carrier/clock.js";
import type { Compression } from "../envelope/compression.js";
import { HeldBytes } from "../envelope/held-bytes.js";
import { MOST_READ_BYTES } from "../envelope/splitter.js";
import type { Accept, Exchange, Fields, Sink } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { ByteWriter } from "../message/byte-writer.js";
import type { Codec } from "../message/custom-codec.js";
import type { JsonOptions } from "../message/json-codec.js";
import { checkNumber, checkOptions } from "../options.js";
import { decodeGetQuery } from "../protocol/connect-get.js";
import { connectUnary } from "../protocol/connect-unary.js";
import { compressionFor } from "../protocol/negotiate.js";
import type { RequestHead } from "../protocol/protocol.js";
import { type Refusal, sendRefusal } from "../protocol/refusal.js";
import { type Selection, Selector, takes } from "../protocol/select.js";
import { type CorsOptions, withCors } from "./cors.js";
import { SERVER_OPTIONS, SERVICE_OPTIONS } from "./expected-options.js";
import { answerByFallback, type Fallback } from "./fallback.js";
import type { ServiceImpl } from "./handler.js";
import { checkHandlers, handlerOf } from "./handlers.js";
import { IgnoredRequest } from "./ignored-request.js";
import { InflateTurns } from "./inflate-turns.js";
import { type CallOptions, Route, type Shared } from "./route.js";
import { ServerCall } from "./server-call.js";
import { refuseMethod, refusePath, takesGet } from "./unclaimed.js";

/** What holds for calls; what is given for a service stands above what is given for the server. */
export interface ServiceOptions {
  /** Stand around each call, the first outermost. Those of a service stand inside those of the server. */
  readonly interceptors?: readonly Interceptor[];
  /** Looks at each call, or several do. Those of a service come after those of the server. */
  readonly observer?: Observers;
  /**
   * Compressions that requests may use, and responses to whoever accepts them, the first that both have. Default: none; "./node"
   * has gzip and others.
   */
  readonly compressions?: readonly Compression[];
  /** Responses of fewer bytes are not compressed, unless `call.compress` says so. Default: 1024. */
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

/** What holds for all services of a server. */
export interface ServerOptions extends ServiceOptions {
  /** Formats beside protobuf's binary form and its JSON. One may stand for "json". */
  readonly codecs?: readonly Codec[];
  /**
   * Bytes of messages of requests that have come in part, or wait to be inflated, of all calls together, the first 16 KiB of each not
   * counted. A call that would take more ends with RESOURCE_EXHAUSTED. Default: 256 MiB, and at least 16 of the largest messages.
   */
  readonly maxHeldBytes?: number;
  /** Which pages of other origins may call. Default: none, as far as browsers ask. */
  readonly cors?: CorsOptions;
  /** Answers what is no call: other paths, unless a content type says that they are meant to be methods. Default: 404. */
  readonly fallback?: Fallback;
  /** Told of whatever a handler throws that was not meant for the caller. Default: prints it to the console. */
  onError?(error: unknown, call: Call | undefined): void;
}

/** Services and their handlers, on any number of carriers. */
export interface Server extends AsyncDisposable {
  /**
   * Adds a service. A method without a handler answers UNIMPLEMENTED.
   *
   * @throws {TypeError} if the service is there already, a handler is no function or is for no method, or an option is none
   * @throws {RangeError} if an option is out of its range
   */
  service<S extends DescService>(service: S, impl: ServiceImpl<S>, options?: ServiceOptions): this;
  /** The services that were added. */
  readonly services: readonly DescService[];
  /** Takes the exchanges of any carrier. */
  readonly accept: Accept;
  /**
   * Takes no more calls, and waits for those that run. After `graceMs` milliseconds the rest end with UNAVAILABLE; Infinity waits for
   * them however long they run.
   *
   * @throws {RangeError} if it is no number of at least 0
   */
  drain(graceMs: number): Promise<void>;
}

/**
 * Makes a server, which answers once it has services and `listen()`, or another carrier, gives it exchanges.
 *
 * @throws {TypeError} for an option that is none, or is not what it should be
 * @throws {RangeError} for an option out of its range
 */
export function createServer(options: ServerOptions = {}): Server {
  return new RouteServer(options);
}

/** In what a GET is answered whose own format is not known. */
const JSON_BY_GET: Selection = { protocol: connectUnary, format: "json" };

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

/** What the head of a request turned out to ask for. */
interface Known {
  readonly fields: Fields;
  readonly path: string;
  readonly route: Route;
  readonly selection: Selection;
  readonly head: RequestHead | RpcError;
}

class RouteServer implements Server {
  readonly #services: DescService[] = [];
  readonly #routes = new Map<string, Route>();
  readonly #options: CallOptions;
  readonly #shared: Shared;
  readonly #selector: Selector;
  readonly #fallback: Fallback | undefined;
  readonly accept: Accept;
  readonly #idle = new Set<() => void>();
  #isDraining = false;
  /** The last request that was a call by POST: most are like the one before. */
  #known: Known | undefined;

  constructor(options: ServerOptions) {
    checkOptions("createServer()", options, SERVER_OPTIONS);
    this.#options = resolve(DEFAULTS, options);
    this.#fallback = options.fallback;
    const accept: Accept = (exchange) => this.#accept(exchange);
    this.accept = options.cors === undefined ? accept : withCors(accept, options.cors);
    const codecs = new Map(options.codecs?.map((codec) => [codec.name, codec]));
    this.#selector = new Selector([...new Set(["proto", "json", ...codecs.keys()])]);
    const held = new HeldBytes(heldBytesOf(options.maxHeldBytes, this.#options.readMaxBytes));
    this.#shared = {
      codecs,
      deadlines: new Deadlines(),
      out: new ByteWriter(),
      held,
      inflateTurns: new InflateTurns(held),
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
    checkService(service);
    if (this.#services.some(({ typeName }) => typeName === service.typeName)) {
      throw new TypeError(`service ${service.typeName} is there already: add each service once`);
    }
    checkHandlers(service, impl);
    checkOptions("service()", options, SERVICE_OPTIONS);
    const resolved = resolve(this.#options, options);
    const routes = service.methods.map((method) => new Route(method, handlerOf(method, impl), resolved, this.#shared));
    this.#services.push(service);
    for (const route of routes) this.#routes.set(`/${service.typeName}/${route.method.name}`, route);
    return this;
  }

  #accept(exchange: Exchange): Sink {
    const known = this.#known;
    // Engines give the very same fields to requests that come in the same octets.
    if (known?.fields === exchange.fields && known.path === exchange.path && exchange.verb === "POST") {
      return this.#begin(exchange, known.route, known.selection, known.head);
    }
    const route = this.#routes.get(exchange.path);
    const contentType = fieldValue(exchange.fields, "content-type");
    const selection = exchange.verb === "POST" ? this.#selector.find(contentType) : undefined;
    if (route === undefined || selection === undefined || !takes(selection.protocol, route.isUnary)) {
      return this.#other(exchange, route, selection, contentType);
    }
    const { fields, path } = exchange;
    const head = selection.protocol.readHead(fields, route.options.compressions);
    this.#known = { fields, path, route, selection, head };
    return this.#begin(exchange, route, selection, head);
  }

  /** @param message the request's message, if it did not come as the body */
  #begin(
    exchange: Exchange,
    route: Route,
    selection: Selection,
    head: RequestHead | RpcError,
    message?: Uint8Array,
  ): Sink {
    if (this.#isDraining) return answer(exchange, selection, new RpcError(Code.Unavailable, "the server is stopping"));
    if (head instanceof RpcError) return answer(exchange, selection, head, route.options);
    const { protocol, format } = selection;
    if (protocol.adapt === undefined) {
      const call = new ServerCall(exchange, route, protocol, format, head);
      call.begin();
      return call;
    }
    const isCompressed = head.compression !== undefined;
    const { options, shared } = route;
    const adapted = protocol.adapt(exchange, {
      maxBytes: options.readMaxBytes,
      held: shared.held,
      isCompressed,
      message,
    });
    const call = new ServerCall(adapted, route, protocol, format, head);
    const sink = adapted.receive(call);
    call.begin();
    return sink;
  }

  /** A request that is no call by POST. */
  #other(exchange: Exchange, route: Route | undefined, selection: Selection | undefined, contentType?: string): Sink {
    const { verb, path } = exchange;
    const mark = verb === "GET" ? path.indexOf("?") : -1;
    const found = route ?? (mark < 0 ? undefined : this.#routes.get(path.slice(0, mark)));
    if (found !== undefined) {
      if (verb === "GET" && takesGet(found)) return this.#get(exchange, found, mark < 0 ? "" : path.slice(mark + 1));
      // A stream may wait for the answer. Who names no type streams nothing, and may not expect one before all is sent.
      const isEarly = verb === "POST" && contentType !== undefined;
      return refuse(exchange, refuseMethod(found, verb, contentType, this.#selector), isEarly);
    }
    // Plain types are for anybody's paths, the others say that a method was meant.
    if (selection !== undefined && selection.protocol !== connectUnary) {
      return answer(exchange, selection, new RpcError(Code.Unimplemented, `there is no method ${path}`));
    }
    if (this.#fallback === undefined) return refuse(exchange, refusePath(path, selection !== undefined), false);
    return answerByFallback(exchange, this.#fallback, (error) => this.#shared.onError(error, undefined));
  }

  /** Connect's form for calls that caches may answer. */
  #get(exchange: Exchange, route: Route, query: string): Sink {
    const request = decodeGetQuery(query);
    if (typeof request === "string") return answer(exchange, JSON_BY_GET, new RpcError(Code.InvalidArgument, request));
    const { format, message, encoding } = request;
    if (!this.#selector.hasFormat(format)) {
      return answer(exchange, JSON_BY_GET, new RpcError(Code.InvalidArgument, `unknown encoding "${format}"`));
    }
    const { compressions } = route.options;
    const head = connectUnary.readHead(exchange.fields, compressions);
    const compression = compressionFor(encoding, compressions);
    const selection = { protocol: connectUnary, format };
    if (head instanceof RpcError || compression instanceof RpcError) {
      return answer(exchange, selection, head instanceof RpcError ? head : (compression as RpcError), route.options);
    }
    return this.#begin(exchange, route, selection, { ...head, compression }, message);
  }

  async drain(graceMs: number): Promise<void> {
    checkNumber("graceMs", graceMs);
    this.#isDraining = true;
    if (this.#shared.running.size === 0) return;
    await new Promise<void>((done) => {
      const end = () => {
        stopTimer();
        this.#idle.delete(end);
        done();
      };
      const stopTimer = systemClock.after(graceMs, () => {
        for (const call of this.#shared.running) call.abandon();
        end();
      });
      this.#idle.add(end);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain(0);
  }
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
  return Object.freeze(resolved);
}

function heldBytesOf(given: number | undefined, readMaxBytes: number): number {
  const maxHeldBytes = given ?? Math.max(256 * 1024 * 1024, 16 * readMaxBytes);
  if (!(maxHeldBytes >= 0)) throw new RangeError(`maxHeldBytes is ${given}: expected a number of at least 0`);
  return maxHeldBytes;
}

/** Ends a call that never began. */
function answer(exchange: Exchange, { protocol, format }: Selection, error: RpcError, options = DEFAULTS): Sink {
  const { compressions, jsonOptions } = options;
  const noRequest = { maxBytes: 0, held: undefined, isCompressed: false, message: undefined };
  const adapted = protocol.adapt?.(exchange, noRequest) ?? exchange;
  const nothing = { headSent: false, addedHeader: undefined, addedTrailer: undefined };
  protocol.end(adapted, { ...nothing, format, compressions, registry: jsonOptions.registry }, error);
  return new IgnoredRequest(exchange);
}

function refuse(exchange: Exchange, refusal: Refusal, isEarly: boolean): Sink {
  const say = () => sendRefusal(exchange, refusal);
  if (isEarly) say();
  return new IgnoredRequest(exchange, isEarly ? undefined : say);
}

function printError(error: unknown, call: Call | undefined): void {
  const where = call === undefined ? "" : ` ${call.service.typeName}/${call.method.name}`;
  console.error(`${codeName(Code.Unknown)}${where}:`, error);
}
