/** What a client makes of whatever ends a call from its own side. */
import { Code } from "../call/code.js";
import { isErrorShape, RpcError } from "../call/rpc-error.js";
import { EncodeError } from "../message/codec-error.js";
import { reasonOf } from "../shown.js";

export const deadlineExceeded = () => new RpcError(Code.DeadlineExceeded, "the deadline has passed");

/** The caller gives a call up: with an error of its own, because the time is up, or for whatever other reason. */
export function errorOfAbort(reason: unknown): RpcError {
  if (isErrorShape(reason)) return RpcError.from(reason);
  if (isTimeout(reason))
    return new RpcError(Code.DeadlineExceeded, "the caller's signal has timed out", { cause: reason });
  return new RpcError(Code.Canceled, "the caller cancelled the call", { cause: reason });
}

/** There is no connection, for this reason. */
export function unavailable(reason: unknown): RpcError {
  return new RpcError(Code.Unavailable, reasonOf(reason), { cause: reason });
}

/** A request cannot be written, or the caller's own iterator of requests has failed. */
export function errorOfRequest(reason: unknown): RpcError {
  return RpcError.from(reason, reason instanceof EncodeError ? Code.Internal : Code.Canceled);
}

/** Whether this is what AbortSignal.timeout() aborts with. */
function isTimeout(reason: unknown): boolean {
  try {
    return reason instanceof Error && reason.name === "TimeoutError";
  } catch {
    // A proxy may throw whatever it is asked.
    return false;
  }
}

/** Somebody who only looks at a call has thrown: that changes nothing for the call. */
export function printLookError(error: unknown): void {
  console.error("an observer of a call failed:", error);
}
