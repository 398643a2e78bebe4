import { create, type DescMessage } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { EncodeError } from "./codec-error.js";
import { cursor } from "./cursor.js";
import { readByLibrary, writeByLibrary } from "./fallback.js";
import { foreign, unreadable } from "./field-error.js";
import type { MessageCode } from "./message-code.js";

/** The codec of protobuf's binary format by protobuf-es alone. */
export function libraryCodec(desc: DescMessage): MessageCodec {
  return new BinaryCodec(desc.typeName, {
    create: () => create(desc),
    read: readByLibrary(desc),
    write: writeByLibrary(desc),
  });
}

/** The codec of protobuf's binary format, by whatever code. */
export class BinaryCodec implements MessageCodec {
  readonly name = "proto";
  readonly #typeName: string;
  readonly #code: MessageCode;

  constructor(typeName: string, code: MessageCode) {
    this.#typeName = typeName;
    this.#code = code;
  }

  encode(message: unknown, out: ByteWriter): void {
    if (typeof message !== "object" || message === null) throw foreign(this.#typeName, message);
    const before = out.at - out.mark;
    try {
      this.#code.write(message, out);
    } catch (error) {
      throw error instanceof EncodeError ? error : unreadable(this.#typeName, error);
    }
    // Asked only of what came out empty, so that other messages cost nothing.
    if (out.at - out.mark === before && !isMessageLike(message)) throw foreign(this.#typeName, message);
  }

  decode(bytes: Uint8Array, start: number, end: number, finalEnd: number = end): unknown {
    cursor.start = start;
    cursor.finalEnd = finalEnd;
    cursor.typeName = this.#typeName;
    cursor.unknownFields = 0;
    const message = this.#code.create();
    this.#code.read(message, bytes, start, end, 1, -1);
    return message;
  }
}

/** Whether an object that has none of a message's fields may be one: not a promise that nobody awaits, nor a list of messages. */
function isMessageLike(message: object): boolean {
  return (
    !(Symbol.iterator in message || Symbol.asyncIterator in message || "then" in message) || "$typeName" in message
  );
}
