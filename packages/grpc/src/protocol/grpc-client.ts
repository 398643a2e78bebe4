import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Compression } from "../envelope/compression.js";
import type { Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import { contentTypeOf, type Format, parseContentType } from "./content-type.js";
import { appendMetadata, isReserved } from "./metadata.js";
import { acceptedEncodings, compressionFor } from "./negotiate.js";
import { codeOfHttpStatus, readStatus } from "./status.js";
import { formatTimeout } from "./timeout.js";

/** What a client asks for with a request's head. */
export interface RequestOptions {
  readonly format: Format;
  readonly compressions: readonly Compression[];
  /** What the request's messages are compressed with. */
  readonly compression: Compression | undefined;
  readonly timeoutMs: number | undefined;
  readonly metadata: Headers | undefined;
}

/** What a response's head says: the compression of its messages, or what is wrong. */
export type ResponseHead = { readonly compression: Compression | undefined } | RpcError;

const USER_AGENT = "grpc-typescript-routeguide/0.1.0";

/** The head of a gRPC request. */
export function requestBlock(options: RequestOptions): HeaderBlock {
  const { format, compressions, compression, timeoutMs, metadata } = options;
  const fields = ["te", "trailers", "content-type", contentTypeOf(format)];
  if (!metadata?.has("user-agent")) fields.push("user-agent", USER_AGENT);
  if (compressions.length > 0) fields.push("grpc-accept-encoding", acceptedEncodings(compressions));
  if (compression !== undefined) fields.push("grpc-encoding", compression.name);
  if (timeoutMs !== undefined) fields.push("grpc-timeout", formatTimeout(timeoutMs));
  if (metadata !== undefined) {
    const agent = metadata.get("user-agent");
    if (agent !== null) fields.push("user-agent", `${agent} ${USER_AGENT}`);
    appendMetadata(fields, metadata);
  }
  return { fields };
}

/** The first name in a user's metadata that belongs to the protocol. */
export function reservedName(metadata: Headers): string | undefined {
  for (const name of metadata.keys()) if (isReserved(name) && name !== "user-agent") return name;
  return undefined;
}

/** Reads the head of a gRPC response. */
export function readResponseHead(
  status: number,
  fields: Fields,
  { compressions, format }: Pick<RequestOptions, "compressions" | "format">,
): ResponseHead {
  if (status !== 200) {
    // A gRPC server may say more than the HTTP status does.
    const own = readStatus(fields);
    if (own instanceof RpcError) return own;
    return new RpcError(codeOfHttpStatus(status), `the server answered with HTTP status ${status}`);
  }
  const contentType = fieldValue(fields, "content-type");
  const found = parseContentType(contentType);
  const expected = contentTypeOf(format);
  if (found === undefined) {
    const text = contentType === undefined ? "no content type" : `the content type ${contentType}`;
    return new RpcError(Code.Unknown, `the response has ${text}: expected ${expected}. Is this a gRPC server?`);
  }
  // A response that is nothing but a status has no messages in any format.
  if (found !== format && fieldValue(fields, "grpc-status") === undefined) {
    return new RpcError(Code.Internal, `the response has the content type ${contentType}: expected ${expected}`);
  }
  const compression = compressionFor(fieldValue(fields, "grpc-encoding"), compressions);
  if (!(compression instanceof RpcError)) return { compression };
  return new RpcError(Code.Internal, `the response uses an ${compression.rawMessage}`);
}

/** How a call ended; undefined: well. */
export function readEnd(trailers: Fields): RpcError | undefined {
  const status = readStatus(trailers);
  if (status !== "absent") return status;
  return new RpcError(Code.Internal, "the response ended without grpc-status");
}
