import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Fields } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { acceptedCompression, compressionFor } from "./negotiate.js";
import type { RequestHead } from "./protocol.js";
import { parseTimeout } from "./timeout.js";

const PLAIN: RequestHead = { timeoutMs: undefined, compression: undefined, accepted: undefined };

/** Reads what gRPC and gRPC-Web have in a request's head. Source: PROTOCOL-HTTP2.md, "Requests". */
export function readGrpcHead(fields: Fields, compressions: readonly Compression[]): RequestHead | RpcError {
  const timeout = fieldValue(fields, "grpc-timeout");
  const encoding = fieldValue(fields, "grpc-encoding");
  const accept = compressions.length === 0 ? undefined : fieldValue(fields, "grpc-accept-encoding");
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
