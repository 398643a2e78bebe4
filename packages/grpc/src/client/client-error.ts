/** What a client makes of whatever ends a call from its own side. */
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { EncodeError } from "../message/codec-error.js";
import { reasonOf } from "../shown.js";

export const deadlineExceeded = () => new RpcError(Code.DeadlineExceeded, "the deadline has passed");

/** There is no connection, for this reason. */
export function unavailable(reason: unknown): RpcError {
  return new RpcError(Code.Unavailable, reasonOf(reason), { cause: reason });
}

/** A request cannot be written, or the caller's own iterator of requests has failed. */
export function errorOfRequest(reason: unknown): RpcError {
  return RpcError.from(reason, reason instanceof EncodeError ? Code.Internal : Code.Canceled);
}

/** Somebody who only looks at a call has thrown: that changes nothing for the call. */
export function printLookError(error: unknown): void {
  console.error("an observer of a call failed:", error);
}
