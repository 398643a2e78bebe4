import {
  type DescMessage,
  fromJsonString,
  type JsonReadOptions,
  type JsonWriteOptions,
  type Message,
  toJsonString,
} from "@bufbuild/protobuf";
import { AN_OBJECT, checkArgument } from "../options.js";
import type { MessageCodec } from "./codec.js";
import { DecodeError } from "./codec-error.js";
import { type Codec, customCodec } from "./custom-codec.js";
import { costOf } from "./json-cost.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** protobuf-es's, all optional. `registry` is needed for google.protobuf.Any and extensions. */
export type JsonOptions = Partial<JsonReadOptions & JsonWriteOptions>;

/**
 * protobuf's JSON format. Source: https://protobuf.dev/programming-guides/json.
 *
 * @param options unlike in protobuf-es, unknown fields are ignored by default, so that a schema can grow as with the binary format
 * @throws {TypeError} if they are no object
 */
export function jsonFormat(options: JsonOptions = {}): Codec {
  checkArgument("jsonFormat()", "options", options, AN_OBJECT);
  const full = { ignoreUnknownFields: true, ...options };
  return {
    name: "json",
    encode: (desc: DescMessage, message: Message) => encoder.encode(toJsonString(desc, message, full)),
    decode: (desc: DescMessage, bytes: Uint8Array) => {
      const cost = costOf(bytes);
      if (cost !== undefined) throw new DecodeError(cost);
      return fromJsonString(desc, utf8.decode(bytes), full);
    },
  };
}

/** The codec of the JSON format for one message type. */
export function jsonCodec(desc: DescMessage, options?: JsonOptions): MessageCodec {
  return customCodec(jsonFormat(options), desc);
}
