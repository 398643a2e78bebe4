import type { RpcError } from "../call/rpc-error.js";
import type { Connection, Exchange, Fields, HeaderBlock } from "../exchange.js";
import { fieldValue } from "../fields.js";
import type {
  CallSink,
  ClientProtocol,
  OpenRequest,
  RequestOptions,
  ResponseHead,
  ResponseOptions,
  ResponseOutcome,
} from "./client-protocol.js";
import { connectFields, errorOfStatus, wrongContentType } from "./connect-client.js";
import { UnaryRequest } from "./connect-unary-request.js";
import { mediaType } from "./content-type.js";
import { appendMetadata } from "./metadata.js";
import { acceptedEncodings, compressionOfResponse } from "./negotiate.js";

/**
 * Connect's unary calls on the client's side: bodies without envelopes, trailers among the header fields, errors as JSON.
 * Source: connectrpc.com/docs/protocol.
 */
export const connectUnaryClient: ClientProtocol = {
  name: "connect",
  endFlag: 0,

  requestHead(options: RequestOptions): HeaderBlock {
    const { compressions, metadata } = options;
    const fields = connectFields(options, "connect-unary");
    // Always, or else clients of HTTP like Node's fetch accept what we cannot read.
    fields.push("accept-encoding", acceptedEncodings(compressions));
    if (metadata !== undefined) appendMetadata(fields, metadata);
    return { fields };
  },

  readHead(status: number, fields: Fields, options: ResponseOptions): ResponseHead | RpcError {
    if (status !== 200 && !isErrorJson(fields)) return errorOfStatus(status);
    const wrong = status === 200 ? wrongContentType(fields, options, "connect-unary") : undefined;
    return wrong ?? compressionOfResponse(fieldValue(fields, "content-encoding"), options.compressions);
  },

  isOutcome: (status) => status !== 200,

  /** Of these responses, `ended()` tells. */
  readEnd: (_head: Fields, trailers: Fields): ResponseOutcome => ({ trailers, error: undefined }),

  open: (connection: Connection, request: OpenRequest, call: CallSink): Exchange =>
    new UnaryRequest(connection, request, call),
};

function isErrorJson(fields: Fields): boolean {
  return mediaType(fieldValue(fields, "content-type") ?? "") === "application/json";
}
