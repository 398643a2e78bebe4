import { create, type DescMessage } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { cursor } from "./cursor.js";
import { readByLibrary, writeByLibrary } from "./fallback.js";
import { foreign } from "./field-error.js";
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
    this.#code.write(message, out);
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
