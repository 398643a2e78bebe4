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
import { CONNECT_END, decodeConnectEnd } from "./connect-end.js";
import { formatConnectTimeout } from "./connect-timeout.js";
import { CONNECT_VERSION, CONNECT_VERSION_FIELD } from "./connect-version.js";
import { contentTypeOf, type Dialect, parseContentType } from "./content-type.js";
import { codeOfHttpStatus } from "./http-status.js";
import { appendMetadata, fieldsOf } from "./metadata.js";
import { acceptedEncodings, compressionOfResponse } from "./negotiate.js";
import { USER_AGENT } from "./user-agent.js";

/** Connect's streams on the client's side: all methods but the unary ones. Source: connectrpc.com/docs/protocol. */
export const connectClient: ClientProtocol = {
  name: "connect",
  endFlag: CONNECT_END,

  requestHead(options: RequestOptions): HeaderBlock {
    const { compressions, compression } = options;
    const fields = connectFields(options, "connect");
    if (compressions.length > 0) fields.push("connect-accept-encoding", acceptedEncodings(compressions));
    if (compression !== undefined) fields.push("connect-content-encoding", compression.name);
    if (options.metadata !== undefined) appendMetadata(fields, options.metadata);
    return { fields };
  },

  readHead(status: number, fields: Fields, options: ResponseOptions): ResponseHead | RpcError {
    if (status !== 200) return errorOfStatus(status);
    const wrong = wrongContentType(fields, options, "connect");
    if (wrong !== undefined) return wrong;
    return compressionOfResponse(fieldValue(fields, "connect-content-encoding"), options.compressions);
  },

  isOutcome: (status) => status !== 200,

  readEnd(_head: Fields, _trailers: Fields, endMessage: Uint8Array | undefined): ResponseOutcome {
    const end =
      endMessage === undefined
        ? new RpcError(Code.Internal, "the response ended without its last envelope")
        : decodeConnectEnd(endMessage);
    if (end instanceof RpcError) return { trailers: [], error: end };
    return { trailers: fieldsOf(end.trailers), error: end.error };
  },
};

/** The fields that unary calls and streams have alike, without the user's. */
export function connectFields({ format, timeoutMs, metadata }: RequestOptions, dialect: Dialect): string[] {
  const fields = ["content-type", contentTypeOf(format, dialect), CONNECT_VERSION_FIELD, CONNECT_VERSION];
  const agent = metadata?.get("user-agent");
  fields.push("user-agent", agent == null ? USER_AGENT : `${agent} ${USER_AGENT}`);
  if (timeoutMs !== undefined) fields.push("connect-timeout-ms", formatConnectTimeout(timeoutMs));
  return fields;
}

/** What a response means that has nothing to say but its HTTP status. */
export function errorOfStatus(status: number): RpcError {
  return new RpcError(codeOfHttpStatus(status), `the server answered with HTTP status ${status}`);
}

/** The error of a response whose messages are not in the format that was asked for. */
export function wrongContentType(fields: Fields, { format }: ResponseOptions, dialect: Dialect): RpcError | undefined {
  const contentType = fieldValue(fields, "content-type");
  const found = parseContentType(contentType, dialect);
  if (found === format) return undefined;
  const text = contentType === undefined ? "no content type" : `the content type ${contentType}`;
  return new RpcError(
    found === undefined ? Code.Unknown : Code.Internal,
    `the response has ${text}: expected ${contentTypeOf(format, dialect)}`,
  );
}
