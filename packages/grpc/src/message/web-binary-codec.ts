import type { DescMessage } from "@bufbuild/protobuf";
import type { MessageCodec } from "./codec.js";
import { libraryCodec } from "./library-codec.js";

const codecs = new WeakMap<DescMessage, MessageCodec>();

/**
 * Stands for binary-codec.ts where a bundler builds for browsers (`browser` in package.json): protobuf-es is part of every page
 * with messages, so its codec adds little to it, while a compiler would add 5 kB for calls that wait for a network anyway.
 */
export function binaryCodec(desc: DescMessage): MessageCodec {
  let codec = codecs.get(desc);
  if (codec === undefined) {
    codec = libraryCodec(desc);
    codecs.set(desc, codec);
  }
  return codec;
}
