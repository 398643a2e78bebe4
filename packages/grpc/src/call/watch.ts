import type { Call } from "./call.js";
import type { Observer } from "./observer.js";
import type { RpcError } from "./rpc-error.js";

/**
 * Lets observers look at calls, in their order. What they throw never reaches a call. Four loops that are alike: a function that is
 * made for each look would cost as much as an observer that does little.
 */
export class Watch {
  readonly #observers: readonly Observer[];
  readonly #onError: (error: unknown, call: Call) => void;

  private constructor(observers: readonly Observer[], onError: (error: unknown, call: Call) => void) {
    this.#observers = observers;
    this.#onError = onError;
  }

  /**
   * Undefined if nobody looks, so that a call need not ask for each of its messages.
   *
   * @param onError told what an observer has thrown
   */
  static of(observers: readonly Observer[], onError: (error: unknown, call: Call) => void): Watch | undefined {
    return observers.length === 0 ? undefined : new Watch(observers, onError);
  }

  started(call: Call): void {
    for (const observer of this.#observers) {
      try {
        observer.started?.(call);
      } catch (error) {
        this.#onError(error, call);
      }
    }
  }

  received(call: Call, count: number, bytes: number): void {
    for (const observer of this.#observers) {
      try {
        observer.received?.(call, count, bytes);
      } catch (error) {
        this.#onError(error, call);
      }
    }
  }

  sent(call: Call, count: number, bytes: number): void {
    for (const observer of this.#observers) {
      try {
        observer.sent?.(call, count, bytes);
      } catch (error) {
        this.#onError(error, call);
      }
    }
  }

  finished(call: Call, error: RpcError | undefined): void {
    for (const observer of this.#observers) {
      try {
        observer.finished?.(call, error);
      } catch (failure) {
        this.#onError(failure, call);
      }
    }
  }
}
