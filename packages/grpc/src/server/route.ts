import type { DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import { Code } from "../call/code.js";
import type { Deadlines } from "../call/deadline.js";
import { decodeReceived } from "../call/decode.js";
import type { Envelopes } from "../call/envelopes.js";
import { type Interceptor, type Invoke, intercept } from "../call/interceptor.js";
import type { Observer } from "../call/observer.js";
import { messagesOf } from "../call/outgoing.js";
import { Watch } from "../call/watch.js";
import type { Decode } from "../envelope/batch.js";
import type { Compression } from "../envelope/compression.js";
import type { HeldBytes } from "../envelope/held-bytes.js";
import type { HeaderBlock } from "../exchange.js";
import { binaryCodec } from "../message/binary-codec.js";
import type { ByteWriter } from "../message/byte-writer.js";
import type { MessageCodec } from "../message/codec.js";
import { type Codec, customCodec } from "../message/custom-codec.js";
import { type JsonOptions, jsonCodec } from "../message/json-codec.js";
import type { Format } from "../protocol/content-type.js";
import type { ServerProtocol } from "../protocol/protocol.js";
import type { InflateTurns } from "./inflate-turns.js";

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
  /** Formats beside "proto" and "json", by their names. */
  readonly codecs: ReadonlyMap<string, Codec>;
  readonly deadlines: Deadlines;
  /** Everything is encoded in one turn, so all calls write into the same slabs. */
  readonly out: ByteWriter;
  readonly held: HeldBytes;
  readonly inflateTurns: InflateTurns;
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
  messagesOf(envelopes: Envelopes): Iterator<unknown>;
}

/** One method with its handler: all that can be looked up before a call. */
export class Route {
  readonly service: DescService;
  readonly method: DescMethod;
  readonly invoke: Invoke;
  readonly options: CallOptions;
  readonly shared: Shared;
  readonly watch: Watch | undefined;
  readonly isSingleRequest: boolean;
  readonly isSingleResponse: boolean;
  /** Whether Connect's form for unary calls takes it. */
  readonly isUnary: boolean;
  #proto: MethodFormat | undefined;
  readonly #others = new Map<Format, MethodFormat>();

  constructor(method: DescMethod, handler: Invoke, options: CallOptions, shared: Shared) {
    this.service = method.parent;
    this.method = method;
    this.invoke = intercept(options.interceptors, method, handler);
    this.options = options;
    this.shared = shared;
    this.watch = Watch.of(options.observers, shared.onError);
    this.isSingleRequest = method.methodKind === "unary" || method.methodKind === "server_streaming";
    this.isUnary = method.methodKind === "unary";
    this.isSingleResponse = method.methodKind === "unary" || method.methodKind === "client_streaming";
  }

  format(format: Format): MethodFormat {
    if (format === "proto") {
      this.#proto ??= this.#make(format);
      return this.#proto;
    }
    let found = this.#others.get(format);
    if (found === undefined) {
      found = this.#make(format);
      this.#others.set(format, found);
    }
    return found;
  }

  #codec(format: Format, desc: DescMessage): MessageCodec {
    const custom = this.shared.codecs.get(format);
    if (custom !== undefined) return customCodec(custom, desc);
    return format === "json" ? jsonCodec(desc, this.options.jsonOptions) : binaryCodec(desc);
  }

  #make(format: Format): MethodFormat {
    const request = this.#codec(format, this.method.input);
    const heads = new Heads(format, this.options.compressions);
    return {
      decode: (bytes, start, end, finalEnd) =>
        decodeReceived(request, bytes, start, end, finalEnd, Code.InvalidArgument, "request"),
      response: this.#codec(format, this.method.output),
      head: (protocol, sent) => heads.get(protocol, sent),
      messagesOf: (envelopes) => messagesOf(envelopes, binaryCodec(this.method.output)),
    };
  }
}

/** Heads of responses, each made once, so that an engine encodes it once. */
class Heads {
  readonly #format: Format;
  readonly #compressions: readonly Compression[];
  readonly #made = new Map<ServerProtocol, Map<Compression | undefined, HeaderBlock>>();
  // The last one: most calls are like the one before.
  #protocol: ServerProtocol | undefined;
  #sent: Compression | undefined;
  #block: HeaderBlock | undefined;

  constructor(format: Format, compressions: readonly Compression[]) {
    this.#format = format;
    this.#compressions = compressions;
  }

  get(protocol: ServerProtocol, sent: Compression | undefined): HeaderBlock {
    if (this.#block !== undefined && this.#protocol === protocol && this.#sent === sent) return this.#block;
    const block = this.#made.get(protocol)?.get(sent) ?? this.#make(protocol, sent);
    this.#protocol = protocol;
    this.#sent = sent;
    this.#block = block;
    return block;
  }

  #make(protocol: ServerProtocol, sent: Compression | undefined): HeaderBlock {
    const block = protocol.head(this.#format, this.#compressions, sent);
    const ofProtocol = this.#made.get(protocol) ?? new Map<Compression | undefined, HeaderBlock>();
    this.#made.set(protocol, ofProtocol.set(sent, block));
    return block;
  }
}
