import { type Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { RpcError } from "../call/rpc-error.js";

/** An error of ours as Connect-ES's callers expect it; theirs stay as they are. */
export function connectErrorOf(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  const { code, rawMessage, metadata, details, cause } = RpcError.from(reason);
  // The codes of both are gRPC's.
  const error = new ConnectError(rawMessage, code as number as ConnectCode, metadata, undefined, cause);
  error.details = [...details];
  return error;
}
