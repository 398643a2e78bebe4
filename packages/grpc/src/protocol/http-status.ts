import { Code } from "../call/code.js";

/**
 * The code of a response that says nothing else than its HTTP status: the same in gRPC (http-grpc-status-mapping.md) and in Connect
 * (connectrpc.com/docs/protocol, "HTTP to Error Code").
 */
export function codeOfHttpStatus(status: number): Code {
  switch (status) {
    case 400:
      return Code.Internal;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}
