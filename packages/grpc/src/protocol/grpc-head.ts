import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Fields } from "../exchange.js";
import { acceptedCompression, compressionFor } from "./negotiate.js";
import type { RequestHead } from "./protocol.js";
import { parseTimeout } from "./timeout.js";

const PLAIN: RequestHead = { timeoutMs: undefined, compression: undefined, accepted: undefined };

const LETTER_G = 0x67;

/** Reads what gRPC and gRPC-Web have in a request's head. Source: PROTOCOL-HTTP2.md, "Requests". */
export function readGrpcHead(fields: Fields, compressions: readonly Compression[]): RequestHead | RpcError {
  let timeout: string | undefined;
  let encoding: string | undefined;
  let accept: string | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string;
    // Most others are told apart by their first letter, which is cheaper than to compare.
    if (name.charCodeAt(0) !== LETTER_G) continue;
    if (name === "grpc-timeout") timeout ??= fields[i + 1];
    else if (name === "grpc-encoding") encoding ??= fields[i + 1];
    else if (name === "grpc-accept-encoding" && compressions.length > 0) accept ??= fields[i + 1];
  }
  if (timeout === undefined && encoding === undefined && accept === undefined) return PLAIN;
  const timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout);
  if (timeout !== undefined && timeoutMs === undefined) {
    const expected = "expected up to eight digits and one of the units H, M, S, m, u, n";
    return new RpcError(Code.InvalidArgument, `grpc-timeout "${timeout}" is malformed: ${expected}`);
  }
  const compression = compressionFor(encoding, compressions);
  if (compression instanceof RpcError) return compression;
  // Whoever compresses can decompress.
  return { timeoutMs, compression, accepted: compression ?? acceptedCompression(accept, compressions) };
}
