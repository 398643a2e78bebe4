import { type DescMessage, protoInt64 } from "@bufbuild/protobuf";
import type { MessageCodec } from "./codec.js";
import { canCompile } from "./compile.js";
import { BinaryCodec, libraryCodec } from "./library-codec.js";
import { codeOf } from "./message-code.js";

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
