import zlib, { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
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

/** What Node has from 22.15 on; the types are those of Node 20. */
interface NodeZstd {
  zstdCompressSync(bytes: Uint8Array): Uint8Array;
  zstdDecompressSync: Inflate;
}

/** Zstandard (RFC 8878): smaller and faster than gzip, from Node 24 on. undefined: this Node does not have it, or cannot be trusted with it. */
export const zstd: Compression | undefined = zstdOf(zlib as Partial<NodeZstd>);

/** All that this Node has, the one to prefer first. */
export const compressions: readonly Compression[] = zstd === undefined ? [gzip, deflate] : [zstd, gzip, deflate];

function zstdOf({ zstdCompressSync, zstdDecompressSync }: Partial<NodeZstd>): Compression | undefined {
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  if (!noticesCuts(zstdDecompressSync)) return undefined;
  return {
    name: "zstd",
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (bytes, maxBytes) => bounded(zstdDecompressSync, bytes, maxBytes),
  };
}

/** Node 22 gives what it has of a frame that was cut, and says nothing: a message would lose its end. */
function noticesCuts(inflate: Inflate): boolean {
  try {
    inflate(new Uint8Array(0), { maxOutputLength: 1 });
    return false;
  } catch {
    return true;
  }
}

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

function bounded(inflate: Inflate, bytes: Uint8Array, maxBytes: number): ReturnType<Compression["decompress"]> {
  try {
    // zlib wants room for a byte, even when the message must be empty.
    const inflated = inflate(bytes, { maxOutputLength: Math.max(1, maxBytes) });
    return inflated.length > maxBytes ? "too-large" : inflated;
  } catch (error) {
    return error instanceof RangeError ? "too-large" : "malformed";
  }
}
