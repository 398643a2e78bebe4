import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageCodec } from "./codec.js";
import { type Codec, customCodec } from "./custom-codec.js";

const library: Codec = {
  name: "proto",
  encode: (desc, message) => toBinary(desc, message),
  // A copy: fields of bytes are views of what is decoded, and would hold on to all that came with it.
  decode: (desc, bytes) => fromBinary(desc, bytes.slice()),
};

/**
 * Stands for binary-codec.ts where a bundler builds for browsers (`browser` in package.json): protobuf-es is part of every page
 * with messages, so its codec adds little, while a compiler would add 5 kB for calls that wait for a network anyway.
 */
export function binaryCodec(desc: DescMessage): MessageCodec {
  return customCodec(library, desc);
}
