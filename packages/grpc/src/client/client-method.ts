import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import type { Deadlines } from "../call/deadline.js";
import { decodeReceived } from "../call/decode.js";
import type { Envelopes } from "../call/envelopes.js";
import { type Interceptor, type Invoke, intercept } from "../call/interceptor.js";
import { messagesOf, type SendLimits } from "../call/outgoing.js";
import type { Watch } from "../call/watch.js";
import type { Decode } from "../envelope/batch.js";
import type { Compression } from "../envelope/compression.js";
import type { Connection, Exchange, HeaderBlock, Transport } from "../exchange.js";
import { binaryCodec } from "../message/binary-codec.js";
import type { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { type Codec, customCodec } from "../message/custom-codec.js";
import type { CallSink, ClientProtocol, ResponseOptions } from "../protocol/client-protocol.js";
import { clientProtocol } from "../protocol/client-select.js";
import type { Format } from "../protocol/content-type.js";
import type { CallOptions } from "./call-options.js";
import type { MethodPolicy, ServiceConfig } from "./service-config.js";

/** What all calls of a client share. */
export interface ClientShared {
  readonly transport: Transport;
  readonly deadlines: Deadlines;
  /** Everything is encoded in one turn, so all calls write into the same slabs. */
  readonly out: ByteWriter;
  readonly interceptors: readonly Interceptor[];
  readonly watch: Watch | undefined;
  readonly compressions: readonly Compression[];
  /** What requests are compressed with. */
  readonly compression: Compression | undefined;
  readonly compressMinBytes: number;
  readonly readMaxBytes: number;
  readonly writeMaxBytes: number;
  readonly format: Format;
  /** Of the format, if it is not protobuf's own. */
  readonly codec: Codec | undefined;
  readonly useHttpGet: boolean;
  readonly serviceConfig: ServiceConfig | undefined;
  readonly defaults: CallOptions;
}

/** One method as a client calls it: all that can be looked up before a call. */
export class ClientMethod {
  readonly desc: DescMethod;
  readonly path: string;
  readonly shared: ClientShared;
  readonly protocol: ClientProtocol;
  readonly policy: MethodPolicy | undefined;
  readonly request: MessageCodec;
  readonly decode: Decode<unknown>;
  readonly isSingleRequest: boolean;
  readonly isSingleResponse: boolean;
  readonly sendLimits: SendLimits;
  readonly readMaxBytes: number;
  readonly responseOptions: ResponseOptions;
  /** Whether calls may be made with GET, where the protocol can do that. */
  readonly #isGet: boolean;
  /** The interceptors, with the network inside them. */
  readonly invoke: Invoke;
  /** The head of calls without metadata: one without a timeout, one with the timeout of the last call that had one. */
  readonly #plain: HeaderBlock;
  #timed: HeaderBlock | undefined;
  #timeoutMs = 0;

  constructor(desc: DescMethod, shared: ClientShared, network: Invoke) {
    const { format, codec, compressions } = shared;
    this.desc = desc;
    this.path = `/${desc.parent.typeName}/${desc.name}`;
    this.shared = shared;
    this.isSingleRequest = desc.methodKind === "unary" || desc.methodKind === "server_streaming";
    this.isSingleResponse = desc.methodKind === "unary" || desc.methodKind === "client_streaming";
    this.protocol = clientProtocol(shared.transport.protocolName, desc.methodKind === "unary");
    this.policy = shared.serviceConfig?.policyOf(desc);
    const codecOf = (message: DescMessage) =>
      codec === undefined ? binaryCodec(message) : customCodec(codec, message);
    this.request = codecOf(desc.input);
    const response = codecOf(desc.output);
    this.decode = (bytes, start, end, finalEnd) =>
      decodeReceived(response, bytes, start, end, finalEnd, Code.Internal, "response");
    const { maxRequestBytes = shared.writeMaxBytes, maxResponseBytes = shared.readMaxBytes } = this.policy ?? {};
    this.sendLimits = {
      writeMaxBytes: Math.min(shared.writeMaxBytes, maxRequestBytes),
      compressMinBytes: shared.compressMinBytes,
    };
    this.readMaxBytes = Math.min(shared.readMaxBytes, maxResponseBytes);
    this.responseOptions = { format, compressions };
    this.#isGet = shared.useHttpGet && desc.idempotency === NO_SIDE_EFFECTS;
    this.invoke = intercept(shared.interceptors, desc, network);
    this.#plain = this.#block(undefined, undefined, 0);
  }

  /** The requests in finished envelopes, for a format in which those cannot leave as they are. */
  messagesOf(envelopes: Envelopes): Generator<unknown, void> {
    return messagesOf(envelopes, binaryCodec(this.desc.input));
  }

  /**
   * Opens an exchange for a call.
   *
   * @param previousAttempts how many there were, as far as a retry policy made them
   */
  open(
    connection: Connection,
    timeoutMs: number | undefined,
    metadata: Headers | undefined,
    previousAttempts: number,
    call: CallSink,
  ): Exchange {
    const block = this.#head(timeoutMs, metadata, previousAttempts);
    const { open } = this.protocol;
    if (open === undefined) return connection.open(this.path, block, call);
    const { path, responseOptions: options, readMaxBytes } = this;
    const { compression } = this.shared;
    return open(connection, { path, block, options, compression, readMaxBytes, isGet: this.#isGet }, call);
  }

  /** The head of a call. What calls have in common is made once. */
  #head(timeoutMs: number | undefined, metadata: Headers | undefined, previousAttempts: number): HeaderBlock {
    if (metadata !== undefined || previousAttempts > 0) return this.#block(timeoutMs, metadata, previousAttempts);
    if (timeoutMs === undefined) return this.#plain;
    if (this.#timed === undefined || this.#timeoutMs !== timeoutMs) {
      this.#timed = this.#block(timeoutMs, undefined, 0);
      this.#timeoutMs = timeoutMs;
    }
    return this.#timed;
  }

  #block(timeoutMs: number | undefined, metadata: Headers | undefined, previousAttempts: number): HeaderBlock {
    const { format, compressions, compression } = this.shared;
    return this.protocol.requestHead({ format, compressions, compression, timeoutMs, metadata, previousAttempts });
  }
}

/** MethodOptions.IdempotencyLevel of descriptor.proto. */
const NO_SIDE_EFFECTS = 1;
