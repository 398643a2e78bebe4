import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { CallState } from "../call/call-state.js";
import { Code } from "../call/code.js";
import { type HeadersInit, RpcError } from "../call/rpc-error.js";
import type { Exchange, Fields, Peer } from "../exchange.js";
import { decodeBinaryField } from "../protocol/base64.js";
import { headersOf } from "../protocol/metadata.js";
import { reasonOf } from "../shown.js";
import type { CallOptions } from "./call-options.js";
import type { ClientMethod } from "./client-method.js";

const NO_PEER: Peer = { carrier: "memory", address: "", secure: false, certificate: () => undefined };
const NO_FIELDS: Fields = [];

/** @throws {RpcError} INVALID_ARGUMENT for what Headers does not take */
function metadataOf(headers: HeadersInit): Headers {
  try {
    return new Headers(headers);
  } catch (error) {
    throw new RpcError(Code.InvalidArgument, `the headers of the call cannot be sent: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** What interceptors and observers see of a client's call. Objects are made when somebody asks for them. */
export abstract class ClientContext extends CallState implements Call {
  readonly clientMethod: ClientMethod;
  protected readonly options: CallOptions;
  protected exchange: Exchange | undefined = undefined;
  protected headFields: Fields = NO_FIELDS;
  protected trailerFields: Fields = NO_FIELDS;
  /** Metadata to send; undefined: there is none. */
  protected metadata: Headers | undefined;

  constructor(method: ClientMethod, options: CallOptions) {
    super(options.contextValues);
    this.clientMethod = method;
    this.options = options;
    const { headers } = options;
    this.metadata = headers === undefined ? undefined : metadataOf(headers);
  }

  get service(): DescService {
    return this.clientMethod.desc.parent;
  }

  get method(): DescMethod {
    return this.clientMethod.desc;
  }

  get protocolName(): string {
    return this.clientMethod.shared.transport.protocolName;
  }

  get requestMethod(): string {
    return "POST";
  }

  get url(): string {
    const { secure, address } = this.peer;
    return `${secure ? "https" : "http"}://${address}${this.clientMethod.path}`;
  }

  /** Metadata to send. Interceptors may change it before they call on. */
  get requestHeader(): Headers {
    this.metadata ??= new Headers();
    return this.metadata;
  }

  /** What came; empty before. */
  get responseHeader(): Headers {
    return headersOf(this.headFields);
  }

  /** What came; empty before. */
  get responseTrailer(): Headers {
    return headersOf(this.trailerFields);
  }

  get peer(): Peer {
    return this.exchange?.peer ?? NO_PEER;
  }

  header(name: string): string | undefined {
    return this.metadata?.get(name) ?? undefined;
  }

  bytes(name: `${string}-bin`): Uint8Array | undefined {
    const value = this.header(name);
    return value === undefined ? undefined : decodeBinaryField(value);
  }

  /** The head of a request leaves by itself. */
  sendHeader(): void {}

  protected get isAborted(): boolean {
    return this.cancelled;
  }
}
