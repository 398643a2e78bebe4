import type { HealthCheckResponse_ServingStatus as Status } from "../gen/grpc/health/v1/health_pb.js";

type Result = IteratorResult<{ status: Status }, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * One call of Watch: gives the status, then each other one that follows. However slowly its caller reads, it holds one status: what
 * was overtaken by a newer one is never sent.
 */
export class HealthWatcher implements AsyncIterableIterator<{ status: Status }, undefined> {
  readonly #left: (watcher: HealthWatcher) => void;
  #status: Status;
  #sent: Status | undefined = undefined;
  #isLast = false;
  #waiting: ((result: Result) => void) | undefined = undefined;

  /** @param left called once when nobody watches any more */
  constructor(status: Status, left: (watcher: HealthWatcher) => void) {
    this.#status = status;
    this.#left = left;
  }

  /** The status has changed. */
  tell(status: Status): void {
    this.#status = status;
    this.#wake();
  }

  /** The call ends once its caller has the status. */
  end(): void {
    this.#isLast = true;
    this.#wake();
  }

  next(): Promise<Result> {
    const result = this.#take();
    if (result !== undefined) return Promise.resolve(result);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The caller has gone. */
  return(): Promise<Result> {
    this.#left(this);
    return Promise.resolve(DONE);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #wake(): void {
    const waiting = this.#waiting;
    const result = waiting === undefined ? undefined : this.#take();
    if (result === undefined) return;
    this.#waiting = undefined;
    waiting?.(result);
  }

  /** What is to be said now, if there is anything. */
  #take(): Result | undefined {
    if (this.#status !== this.#sent) {
      this.#sent = this.#status;
      return { done: false, value: { status: this.#status } };
    }
    if (!this.#isLast) return undefined;
    this.#left(this);
    return DONE;
  }
}
