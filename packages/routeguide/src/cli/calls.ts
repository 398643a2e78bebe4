import type { CallOptions } from "@routeguide/grpc";
import type { Config, OutputFormat } from "../config.js";
import type { Io } from "./io.js";

/** Options of a call that ends when the user interrupts it, when nobody reads its results, or when it takes too long. */
export function callOptions({ interrupt, stdout }: Io, { timeoutSeconds }: Config): CallOptions {
  return {
    signal: AbortSignal.any([interrupt, stdout.gone]),
    ...(timeoutSeconds > 0 && { timeoutMs: timeoutSeconds * 1000 }),
  };
}

/** The format that was asked for; unless one was, a table. */
export function formatName({ output }: Config, unasked: OutputFormat = "table"): OutputFormat {
  return output === "auto" ? unasked : output;
}
