import type { Readable, Writable } from "node:stream";
import type { Output } from "./output.js";

/** What a command may touch of its process. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Where data goes, and nothing else. */
  readonly stdout: Output;
  /** Where everything for people goes. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Fires with the first SIGINT or SIGTERM; its reason is an {@link Interrupted}. */
  readonly interrupt: AbortSignal;
}
