import {
  create,
  type DescMessage,
  fromJsonString,
  type JsonReadOptions,
  type JsonWriteOptions,
  toJsonString,
} from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { DecodeError, EncodeError, reasonOf } from "./codec-error.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** protobuf-es's, all optional. `registry` is needed for google.protobuf.Any and extensions. */
export type JsonOptions = Partial<JsonReadOptions & JsonWriteOptions>;

/**
 * The codec of protobuf's JSON format for a message type. Source: https://protobuf.dev/programming-guides/json.
 *
 * @param options unlike in protobuf-es, unknown fields are ignored by default, so that a schema can grow as with the binary format
 */
export function jsonCodec(desc: DescMessage, options?: JsonOptions): MessageCodec {
  return new JsonCodec(desc, { ignoreUnknownFields: true, ...options });
}

class JsonCodec implements MessageCodec {
  readonly name = "json";
  readonly #desc: DescMessage;
  readonly #options: JsonOptions;

  constructor(desc: DescMessage, options: JsonOptions) {
    this.#desc = desc;
    this.#options = options;
  }

  encode(message: unknown, out: ByteWriter): void {
    out.append(encoder.encode(this.#stringify(message)));
  }

  decode(bytes: Uint8Array, start: number, end: number): unknown {
    try {
      return fromJsonString(this.#desc, utf8.decode(bytes.subarray(start, end)), this.#options);
    } catch (error) {
      throw new DecodeError(reasonOf(error), { cause: error });
    }
  }

  #stringify(message: unknown): string {
    try {
      if (typeof message !== "object" || message === null) throw new TypeError(`got ${typeof message}`);
      return toJsonString(this.#desc, create(this.#desc, message as Record<string, unknown>), this.#options);
    } catch (error) {
      throw new EncodeError(`cannot encode ${this.#desc.typeName} as JSON: ${reasonOf(error)}`, { cause: error });
    }
  }
}
