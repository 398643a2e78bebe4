import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { Code } from "../call/code.js";
import { type ContextValues, createContextValues } from "../call/context-values.js";
import { RpcError } from "../call/rpc-error.js";
import type { Exchange, Peer } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { decodeBinaryField } from "../protocol/base64.js";
import { headersOf } from "../protocol/metadata.js";
import type { ServerProtocol } from "../protocol/protocol.js";
import type { Route } from "./route.js";

/** What a handler sees of its call. Every object in here is made the first time that somebody asks for it. */
export abstract class CallContext implements Call {
  protected readonly exchange: Exchange;
  protected readonly route: Route;
  protected readonly protocol: ServerProtocol;
  /** On the clock of performance.now(); 0: there is no deadline. */
  protected deadlineAtMs = 0;
  /** Fields that the handler set; undefined: it set none. */
  addedHeader: Headers | undefined;
  addedTrailer: Headers | undefined;
  cancelled = false;
  compress: boolean | undefined = undefined;
  #requestHeader: Headers | undefined;
  #controller: AbortController | undefined;
  /** Why the call ended, for a signal that is made later. */
  #reason: RpcError | undefined = undefined;
  #values: ContextValues | undefined;

  constructor(exchange: Exchange, route: Route, protocol: ServerProtocol) {
    this.exchange = exchange;
    this.route = route;
    this.protocol = protocol;
  }

  abstract sendHeader(): void;
  /** Whether the response has ended: a signal made now is aborted already. */
  protected abstract get hasEnded(): boolean;

  get service(): DescService {
    return this.route.service;
  }

  get method(): DescMethod {
    return this.route.method;
  }

  get protocolName(): string {
    return this.protocol.name;
  }

  get requestMethod(): string {
    return this.exchange.verb;
  }

  get url(): string {
    const { authority, path, peer } = this.exchange;
    return `${peer.secure ? "https" : "http"}://${authority === "" ? "localhost" : authority}${path}`;
  }

  get requestHeader(): Headers {
    this.#requestHeader ??= headersOf(this.exchange.fields);
    return this.#requestHeader;
  }

  get responseHeader(): Headers {
    this.addedHeader ??= new Headers();
    return this.addedHeader;
  }

  get responseTrailer(): Headers {
    this.addedTrailer ??= new Headers();
    return this.addedTrailer;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.hasEnded) this.abortSignal(this.#reason);
    }
    return this.#controller.signal;
  }

  timeoutMs(): number | undefined {
    return this.deadlineAtMs === 0 ? undefined : Math.max(0, this.deadlineAtMs - performance.now());
  }

  get values(): ContextValues {
    this.#values ??= createContextValues();
    return this.#values;
  }

  get peer(): Peer {
    return this.exchange.peer;
  }

  header(name: string): string | undefined {
    return fieldValue(this.exchange.fields, name);
  }

  bytes(name: `${string}-bin`): Uint8Array | undefined {
    const value = this.header(name);
    return value === undefined ? undefined : decodeBinaryField(value);
  }

  /** Aborts the signal, if anybody made it. An error is only made then: it takes the stack's picture. */
  protected abortSignal(reason: RpcError | undefined): void {
    this.#reason = reason;
    this.#controller?.abort(reason ?? new RpcError(Code.Canceled, "the call has ended"));
  }
}
