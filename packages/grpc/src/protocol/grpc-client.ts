import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import type { Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import type {
  ClientProtocol,
  RequestOptions,
  ResponseHead,
  ResponseOptions,
  ResponseOutcome,
} from "./client-protocol.js";
import { contentTypeOf, type Dialect, parseContentType } from "./content-type.js";
import { codeOfHttpStatus } from "./http-status.js";
import { appendMetadata } from "./metadata.js";
import { acceptedEncodings, compressionOfResponse } from "./negotiate.js";
import { readStatus } from "./status.js";
import { formatTimeout } from "./timeout.js";
import { USER_AGENT } from "./user-agent.js";

/** gRPC over HTTP/2 on the client's side. Source: PROTOCOL-HTTP2.md. */
export const grpcClient: ClientProtocol = {
  name: "grpc",
  endFlag: 0,

  requestHead(options: RequestOptions): HeaderBlock {
    const { metadata } = options;
    const fields = ["te", "trailers", "content-type", contentTypeOf(options.format)];
    if (!metadata?.has("user-agent")) fields.push("user-agent", USER_AGENT);
    appendCallFields(fields, options);
    if (metadata !== undefined) {
      const agent = metadata.get("user-agent");
      if (agent !== null) fields.push("user-agent", `${agent} ${USER_AGENT}`);
      appendMetadata(fields, metadata);
    }
    return { fields };
  },

  readHead: (status, fields, options) => readGrpcHead(status, fields, options, "grpc"),
  isOutcome: isGrpcOutcome,

  readEnd(_head: Fields, trailers: Fields): ResponseOutcome {
    return { trailers, error: errorOfTrailers(trailers) };
  },
};

/** What a request says of its call with fields that gRPC-Web has too. */
export function appendCallFields(fields: string[], options: RequestOptions): void {
  const { compressions, compression, timeoutMs, previousAttempts } = options;
  if (compressions.length > 0) fields.push("grpc-accept-encoding", acceptedEncodings(compressions));
  if (compression !== undefined) fields.push("grpc-encoding", compression.name);
  if (timeoutMs !== undefined) fields.push("grpc-timeout", formatTimeout(timeoutMs));
  if (previousAttempts > 0) fields.push("grpc-previous-rpc-attempts", String(previousAttempts));
}

/** Reads the head of a response in gRPC's dialects. */
export function readGrpcHead(
  status: number,
  fields: Fields,
  { compressions, format }: ResponseOptions,
  dialect: Dialect,
): ResponseHead | RpcError {
  if (status !== 200) {
    // A gRPC server may say more than the HTTP status does.
    const own = readStatus(fields);
    if (own instanceof RpcError) return own;
    return new RpcError(codeOfHttpStatus(status), `the server answered with HTTP status ${status}`);
  }
  const contentType = fieldValue(fields, "content-type");
  const found = parseContentType(contentType, dialect);
  const expected = contentTypeOf(format, dialect);
  if (found === undefined) {
    const text = contentType === undefined ? "no content type" : `the content type ${contentType}`;
    return new RpcError(Code.Unknown, `the response has ${text}: expected ${expected}. Is this a gRPC server?`);
  }
  // A response that is nothing but a status has no messages in any format.
  if (found !== format && !isGrpcOutcome(status, fields)) {
    return new RpcError(Code.Internal, `the response has the content type ${contentType}: expected ${expected}`);
  }
  return compressionOfResponse(fieldValue(fields, "grpc-encoding"), compressions);
}

/** Whether a head has the call's status. */
export function isGrpcOutcome(status: number, fields: Fields): boolean {
  return status !== 200 || fieldValue(fields, "grpc-status") !== undefined;
}

/** The error that trailers tell; undefined: none. */
export function errorOfTrailers(trailers: Fields): RpcError | undefined {
  const status = readStatus(trailers);
  return status === "absent" ? new RpcError(Code.Internal, "the response ended without grpc-status") : status;
}
