import type { Call } from "./call.js";
import type { RpcError } from "./rpc-error.js";

/** Stands beside calls and only looks: for metrics, traces and logs. Nothing that it throws reaches a call. */
export interface Observer {
  started?(call: Call): void;
  /** Messages that arrived together, and their bytes without prefixes. */
  received?(call: Call, count: number, bytes: number): void;
  /** Messages that left together, and their bytes with prefixes. */
  sent?(call: Call, count: number, bytes: number): void;
  /** Exactly once a call. undefined: it ended well. */
  finished?(call: Call, error: RpcError | undefined): void;
}
