import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { CallState } from "../call/call-state.js";
import type { Exchange, Peer } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { decodeBinaryField } from "../protocol/base64.js";
import { headersOf } from "../protocol/metadata.js";
import type { ServerProtocol } from "../protocol/protocol.js";
import type { Route } from "./route.js";

/** What a handler sees of its call. Every object in here is made the first time that somebody asks for it. */
export abstract class CallContext extends CallState implements Call {
  protected readonly exchange: Exchange;
  protected readonly route: Route;
  protected readonly protocol: ServerProtocol;
  /** Fields that the handler set; undefined: it set none. */
  addedHeader: Headers | undefined;
  addedTrailer: Headers | undefined;
  #requestHeader: Headers | undefined;

  constructor(exchange: Exchange, route: Route, protocol: ServerProtocol) {
    super(undefined);
    this.exchange = exchange;
    this.route = route;
    this.protocol = protocol;
  }

  abstract sendHeader(): void;

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
}
