import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { Code } from "../call/code.js";
import type { Deadlines } from "../call/deadline.js";
import type { Envelopes } from "../call/envelopes.js";
import { type Interceptor, type Invoke, intercept } from "../call/interceptor.js";
import type { Observer } from "../call/observer.js";
import { messagesOf } from "../call/outgoing.js";
import { RpcError } from "../call/rpc-error.js";
import type { Decode } from "../envelope/batch.js";
import type { Compression } from "../envelope/compression.js";
import type { HeaderBlock } from "../exchange.js";
import { binaryCodec } from "../message/binary-codec.js";
import type { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { type JsonOptions, jsonCodec } from "../message/json-codec.js";
import type { Format } from "../protocol/content-type.js";
import type { ServerProtocol } from "../protocol/protocol.js";

/** What holds for the calls of a service. The defaults stand at {@link DEFAULTS}. */
export interface CallOptions {
  readonly interceptors: readonly Interceptor[];
  readonly observers: readonly Observer[];
  readonly compressions: readonly Compression[];
  readonly compressMinBytes: number;
  readonly readMaxBytes: number;
  readonly writeMaxBytes: number;
  readonly maxTimeoutMs: number;
  readonly jsonOptions: JsonOptions;
}

/** What all calls of a server share. */
export interface Shared {
  readonly deadlines: Deadlines;
  /** Everything is encoded in one turn, so all calls write into the same slabs. */
  readonly out: ByteWriter;
  /** Calls that did not settle in the turn in which they began. */
  readonly running: Set<{ abandon(): void }>;
  onError(error: unknown, call: Call | undefined): void;
  /** Called when a call has left `running`. */
  onSettled(): void;
}

/** One format of a method: its codecs, and the heads of responses that were made so far. */
export interface MethodFormat {
  readonly decode: Decode<unknown>;
  readonly response: MessageCodec;
  head(protocol: ServerProtocol, sent: Compression | undefined): HeaderBlock;
  /** The responses in finished envelopes, for a format in which those cannot leave as they are. */
  messagesOf(envelopes: Envelopes): Iterable<unknown>;
}

/** One method with its handler: all that can be looked up before a call. */
export class Route {
  readonly service: DescService;
  readonly method: DescMethod;
  readonly invoke: Invoke;
  readonly options: CallOptions;
  readonly shared: Shared;
  readonly isSingleRequest: boolean;
  readonly isSingleResponse: boolean;
  #proto: MethodFormat | undefined;
  #json: MethodFormat | undefined;

  constructor(method: DescMethod, handler: Invoke, options: CallOptions, shared: Shared) {
    this.service = method.parent;
    this.method = method;
    this.invoke = intercept(options.interceptors, method, handler);
    this.options = options;
    this.shared = shared;
    this.isSingleRequest = method.methodKind === "unary" || method.methodKind === "server_streaming";
    this.isSingleResponse = method.methodKind === "unary" || method.methodKind === "client_streaming";
  }

  format(format: Format): MethodFormat {
    if (format === "proto") {
      this.#proto ??= this.#make(format, binaryCodec);
      return this.#proto;
    }
    this.#json ??= this.#make(format, (desc) => jsonCodec(desc, this.options.jsonOptions));
    return this.#json;
  }

  #make(format: Format, codecOf: (desc: DescMethod["input"]) => MessageCodec): MethodFormat {
    const request = codecOf(this.method.input);
    const heads = new Map<string, HeaderBlock>();
    return {
      decode: (bytes, start, end) => decodeRequest(request, bytes, start, end),
      response: codecOf(this.method.output),
      head: (protocol, sent) => {
        const key = sent === undefined ? protocol.name : `${protocol.name} ${sent.name}`;
        let block = heads.get(key);
        if (block === undefined) {
          block = protocol.head(format, this.options.compressions, sent);
          heads.set(key, block);
        }
        return block;
      },
      messagesOf: (envelopes) => messagesOf(envelopes, binaryCodec(this.method.output)),
    };
  }
}

function decodeRequest(codec: MessageCodec, bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return codec.decode(bytes, start, end);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RpcError(Code.InvalidArgument, `the request cannot be read: ${reason}`, { cause: error });
  }
}
