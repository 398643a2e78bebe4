import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import type { Compression } from "./compression.js";

/** gzip (RFC 1952), through Node's zlib. */
export const gzip: Compression = {
  name: "gzip",
  // Level 1: a message is compressed while others wait, and the higher levels gain a few per cent.
  compress: (bytes) => gzipSync(bytes, { level: 1 }),
  decompress: (bytes, maxBytes) => bounded(gunzipSync, bytes, maxBytes),
};

/** deflate: the zlib format (RFC 1950), as gRPC has it. */
export const deflate: Compression = {
  name: "deflate",
  compress: (bytes) => deflateSync(bytes, { level: 1 }),
  decompress: (bytes, maxBytes) => bounded(inflateSync, bytes, maxBytes),
};

function bounded(
  inflate: typeof inflateSync,
  bytes: Uint8Array,
  maxBytes: number,
): ReturnType<Compression["decompress"]> {
  try {
    // zlib wants room for a byte, even when the message must be empty.
    const inflated = inflate(bytes, { maxOutputLength: Math.max(1, maxBytes) });
    return inflated.length > maxBytes ? "too-large" : inflated;
  } catch (error) {
    return error instanceof RangeError ? "too-large" : "malformed";
  }
}
