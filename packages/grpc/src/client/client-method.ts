import type { DescMessage, DescMethod } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import type { Deadlines } from "../call/deadline.js";
import type { Envelopes } from "../call/envelopes.js";
import { type Interceptor, type Invoke, intercept } from "../call/interceptor.js";
import type { Observer } from "../call/observer.js";
import { messagesOf } from "../call/outgoing.js";
import { RpcError } from "../call/rpc-error.js";
import type { Decode } from "../envelope/batch.js";
import type { Compression } from "../envelope/compression.js";
import type { HeaderBlock, Transport } from "../exchange.js";
import { binaryCodec } from "../message/binary-codec.js";
import type { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { type JsonOptions, jsonCodec } from "../message/json-codec.js";
import type { Format } from "../protocol/content-type.js";
import { requestBlock } from "../protocol/grpc-client.js";
import type { CallOptions } from "./call-options.js";

/** What all calls of a client share. */
export interface ClientShared {
  readonly transport: Transport;
  readonly deadlines: Deadlines;
  /** Everything is encoded in one turn, so all calls write into the same slabs. */
  readonly out: ByteWriter;
  readonly interceptors: readonly Interceptor[];
  readonly observers: readonly Observer[];
  readonly compressions: readonly Compression[];
  /** What requests are compressed with. */
  readonly compression: Compression | undefined;
  readonly compressMinBytes: number;
  readonly readMaxBytes: number;
  readonly writeMaxBytes: number;
  readonly format: Format;
  readonly jsonOptions: JsonOptions;
  readonly defaults: CallOptions;
}

/** One method as a client calls it: all that can be looked up before a call. */
export class ClientMethod {
  readonly desc: DescMethod;
  readonly path: string;
  readonly shared: ClientShared;
  readonly request: MessageCodec;
  readonly decode: Decode<unknown>;
  readonly isSingleRequest: boolean;
  readonly isSingleResponse: boolean;
  /** The interceptors, with the network inside them. */
  readonly invoke: Invoke;
  /** The head of calls without metadata: one without a timeout, one with the timeout of the last call that had one. */
  readonly #plain: HeaderBlock;
  #timed: HeaderBlock | undefined;
  #timeoutMs = 0;

  constructor(desc: DescMethod, shared: ClientShared, network: Invoke) {
    this.desc = desc;
    this.path = `/${desc.parent.typeName}/${desc.name}`;
    this.shared = shared;
    const codecOf = (message: DescMessage) =>
      shared.format === "proto" ? binaryCodec(message) : jsonCodec(message, shared.jsonOptions);
    this.request = codecOf(desc.input);
    const response = codecOf(desc.output);
    this.decode = (bytes, start, end) => decodeResponse(response, bytes, start, end);
    this.isSingleRequest = desc.methodKind === "unary" || desc.methodKind === "server_streaming";
    this.isSingleResponse = desc.methodKind === "unary" || desc.methodKind === "client_streaming";
    this.invoke = intercept(shared.interceptors, desc, network);
    this.#plain = this.#block(undefined, undefined);
  }

  /** The requests in finished envelopes, for a format in which those cannot leave as they are. */
  messagesOf(envelopes: Envelopes): Generator<unknown, void> {
    return messagesOf(envelopes, binaryCodec(this.desc.input));
  }

  /** The head of a call. What calls have in common is made once. */
  block(timeoutMs: number | undefined, metadata: Headers | undefined): HeaderBlock {
    if (metadata !== undefined) return this.#block(timeoutMs, metadata);
    if (timeoutMs === undefined) return this.#plain;
    if (this.#timed === undefined || this.#timeoutMs !== timeoutMs) {
      this.#timed = this.#block(timeoutMs, undefined);
      this.#timeoutMs = timeoutMs;
    }
    return this.#timed;
  }

  #block(timeoutMs: number | undefined, metadata: Headers | undefined): HeaderBlock {
    const { format, compressions, compression } = this.shared;
    return requestBlock({ format, compressions, compression, timeoutMs, metadata });
  }
}

function decodeResponse(codec: MessageCodec, bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return codec.decode(bytes, start, end);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RpcError(Code.Internal, `the response cannot be read: ${reason}`, { cause: error });
  }
}
