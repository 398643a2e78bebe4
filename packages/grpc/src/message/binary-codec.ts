import { create, type DescMessage, protoInt64 } from "@bufbuild/protobuf";
import type { ByteWriter } from "./byte-writer.js";
import type { MessageCodec } from "./codec.js";
import { canCompile } from "./compile.js";
import { cursor } from "./cursor.js";
import { readByLibrary, writeByLibrary } from "./fallback.js";
import { foreign } from "./field-error.js";
import { codeOf, type MessageCode } from "./message-code.js";

const codecs = new WeakMap<DescMessage, MessageCodec>();

/**
 * The codec of protobuf's binary format for a message type: compiled from its descriptor when it is first used, or protobuf-es
 * where compiling is forbidden. One for each descriptor.
 *
 * Source: https://protobuf.dev/programming-guides/encoding. Message shapes, and the bytes written, are those of protobuf-es.
 * Compiled, it keeps to the specification where protobuf-es does not: a length beyond the message around it is refused, a known
 * field with another wire type is an unknown field, and values of the wrong type are not converted.
 */
export function binaryCodec(desc: DescMessage): MessageCodec {
  let codec = codecs.get(desc);
  if (codec === undefined) {
    codec = canCompile() && protoInt64.supported ? compiledCodec(desc) : libraryCodec(desc);
    codecs.set(desc, codec);
  }
  return codec;
}

/** The compiled codec, whatever is allowed. Without a cache of its own. */
export function compiledCodec(desc: DescMessage): MessageCodec {
  return new BinaryCodec(desc.typeName, codeOf(desc));
}

/** The same by protobuf-es alone. */
export function libraryCodec(desc: DescMessage): MessageCodec {
  return new BinaryCodec(desc.typeName, {
    create: () => create(desc),
    read: readByLibrary(desc),
    write: writeByLibrary(desc),
  });
}

class BinaryCodec implements MessageCodec {
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

  decode(bytes: Uint8Array, start: number, end: number): unknown {
    cursor.start = start;
    cursor.typeName = this.#typeName;
    const message = this.#code.create();
    this.#code.read(message, bytes, start, end, 1, -1);
    return message;
  }
}
