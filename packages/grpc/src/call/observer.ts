import type { Call } from "./call.js";
import type { RpcError } from "./rpc-error.js";

/** One observer, or several that look in this order. */
export type Observers = Observer | readonly Observer[];

/** Stands beside calls and only looks: for metrics, traces and logs. Nothing that it throws reaches a call. */
export interface Observer {
  /** The request's head has come, or is about to leave. */
  started?(call: Call): void;
  /** Messages that arrived together, and their bytes without prefixes. */
  received?(call: Call, count: number, bytes: number): void;
  /** Messages that left together, and their bytes with prefixes. */
  sent?(call: Call, count: number, bytes: number): void;
  /** Exactly once a call. undefined: it ended well. */
  finished?(call: Call, error: RpcError | undefined): void;
}

export function observersOf(given: Observers | undefined): readonly Observer[] {
  if (given === undefined) return [];
  return isList(given) ? given : [given];
}

// Array.isArray() does not narrow readonly arrays.
const isList = (given: Observers): given is readonly Observer[] => Array.isArray(given);
