import type { Call } from "../call/call.js";
import { Code } from "../call/code.js";
import { isErrorShape, RpcError } from "../call/rpc-error.js";

/**
 * What the caller is told of whatever a handler threw. Errors that were meant for the caller go out whole; all others become
 * UNKNOWN with a text that gives nothing away, and go to the log.
 */
export function errorOf(reason: unknown, call: Call, onError: (error: unknown, call: Call) => void): RpcError {
  if (isErrorShape(reason)) return RpcError.from(reason);
  try {
    onError(reason, call);
  } catch (error) {
    // The call must end however its log fails.
    console.error("onError has failed:", error, "It was told:", reason);
  }
  return new RpcError(Code.Unknown, "the handler failed", { cause: reason });
}
