import { type Context, type Histogram, type Span, SpanStatusCode } from "@opentelemetry/api";
import type { Call } from "../call/call.js";
import type { Code } from "../call/code.js";
import type { RpcError } from "../call/rpc-error.js";
import { methodAttributes, statusAttributes } from "./opentelemetry-attributes.js";

interface Traced {
  readonly span: Span;
  readonly active: Context;
  readonly startedAtMs: number;
}

/** Calls that run, each with its span. */
export class TracedCalls {
  readonly #calls = new Map<Call, Traced>();
  readonly #duration: Histogram;
  readonly #isFault: (code: Code) => boolean;

  /**
   * @param duration where durations go, in milliseconds
   * @param isFault whether a span whose call ended with this code shows as an error
   */
  constructor(duration: Histogram, isFault: (code: Code) => boolean) {
    this.#duration = duration;
    this.#isFault = isFault;
  }

  begin(call: Call, span: Span, active: Context): void {
    this.#calls.set(call, { span, active, startedAtMs: performance.now() });
  }

  /** The context in which a call's span is the active one; undefined if the call has ended. */
  contextOf(call: Call): Context | undefined {
    return this.#calls.get(call)?.active;
  }

  /** The first time ends the span; others find nothing left. */
  end(call: Call, error: RpcError | undefined): void {
    const traced = this.#calls.get(call);
    if (traced === undefined) return;
    this.#calls.delete(call);
    const { span, active, startedAtMs } = traced;
    const status = statusAttributes(call, error?.code);
    this.#duration.record(performance.now() - startedAtMs, { ...methodAttributes(call), ...status }, active);
    if (span.isRecording()) {
      span.setAttributes(status);
      if (error !== undefined && this.#isFault(error.code)) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error.rawMessage });
      }
      if (error?.cause instanceof Error) span.recordException(error.cause);
    }
    span.end();
  }
}
