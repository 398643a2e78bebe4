import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { reasonOf, shown } from "../shown.js";
import type { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { DecodeError, EncodeError } from "./codec-error.js";

/**
 * Another way to write messages, beside protobuf's binary form and its JSON. Calls in it have content types with its name:
 * application/grpc+NAME, application/grpc-web+NAME, application/connect+NAME, application/NAME.
 */
export interface Codec {
  /** Lower case, as in a media type: "cbor". */
  readonly name: string;
  /** The bytes of a message of this type. What it throws ends the call with UNKNOWN, and goes to the log. */
  encode(desc: DescMessage, message: Message): Uint8Array;
  /** The message in these bytes, which may be a view of others: copy what is kept. What it throws is INVALID_ARGUMENT. */
  decode(desc: DescMessage, bytes: Uint8Array): Message;
}

/** The codec of one message type, out of one for all. */
export function customCodec(codec: Codec, desc: DescMessage): MessageCodec {
  return {
    name: codec.name,

    encode(message: unknown, out: ByteWriter): void {
      try {
        if (typeof message !== "object" || message === null)
          throw new TypeError(`expected an object, got ${shown(message)}`);
        out.append(codec.encode(desc, create(desc, message as Record<string, unknown>)));
      } catch (error) {
        throw new EncodeError(`cannot encode ${desc.typeName} as ${codec.name}: ${reasonOf(error)}`, { cause: error });
      }
    },

    decode(bytes: Uint8Array, start: number, end: number): unknown {
      try {
        return codec.decode(desc, bytes.subarray(start, end));
      } catch (error) {
        throw new DecodeError(reasonOf(error), { cause: error });
      }
    },
  };
}
