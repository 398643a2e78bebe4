import { ResetCode } from "../exchange.js";
import { Code } from "./code.js";
import { RpcError } from "./rpc-error.js";

/** What a stream that was reset means for its call. Source: PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping". */
export function errorOfReset(code: ResetCode, reason?: Error): RpcError {
  switch (code) {
    case ResetCode.ConnectionLost:
      if (reason !== undefined) return new RpcError(Code.Unavailable, reason.message, { cause: reason });
      return new RpcError(Code.Unavailable, "the connection was lost before the call had ended");
    case ResetCode.RefusedStream:
      return new RpcError(Code.Unavailable, "the server refused the call before it began");
    case ResetCode.Cancel:
      return new RpcError(Code.Canceled, "the server cancelled the call");
    case ResetCode.EnhanceYourCalm:
      return new RpcError(Code.ResourceExhausted, reason?.message ?? "the server asks for fewer calls");
    case ResetCode.InadequateSecurity:
      return new RpcError(Code.PermissionDenied, "the server asks for a more secure connection");
    default:
      return new RpcError(Code.Internal, reason?.message ?? `the server reset the stream with HTTP/2 error ${code}`);
  }
}
