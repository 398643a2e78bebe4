import { Code } from "./code.js";
import { type ContextValues, createContextValues } from "./context-values.js";
import { RpcError } from "./rpc-error.js";

/** What both sides of a call have of {@link Call} in the same way. Objects are made when somebody asks for them. */
export abstract class CallState {
  /** On the clock of performance.now(); 0: there is no deadline. */
  protected deadlineAtMs = 0;
  cancelled = false;
  compress: boolean | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  /** Why the call ended, for a signal that is made later. */
  #reason: RpcError | undefined = undefined;
  #values: ContextValues | undefined;

  constructor(values: ContextValues | undefined) {
    this.#values = values;
  }

  /** Whether a signal that is made now is aborted already. */
  protected abstract get isAborted(): boolean;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.abortSignal(this.#reason);
    }
    return this.#controller.signal;
  }

  timeoutMs(): number | undefined {
    return this.deadlineAtMs === 0 ? undefined : Math.max(0, this.deadlineAtMs - performance.now());
  }

  get values(): ContextValues {
    this.#values ??= createContextValues();
    return this.#values;
  }

  /** Why the call ended, if it has. */
  protected get reason(): RpcError {
    return this.#reason ?? new RpcError(Code.Canceled, "the call has ended");
  }

  /** Aborts the signal, if anybody made it. An error is only made then: it takes the stack's picture. */
  protected abortSignal(reason: RpcError | undefined): void {
    this.#reason = reason;
    this.#controller?.abort(this.reason);
  }
}
