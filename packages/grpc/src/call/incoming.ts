import type { Batch } from "../envelope/batch.js";
import { Code } from "./code.js";
import { RpcError } from "./rpc-error.js";

/** Messages of a stream one by one, or as the reads of the network brought them. One of the two, once. */
export interface Incoming<T> extends AsyncIterable<T> {
  /**
   * Whole batches: everything that one read brought, without a promise for each message. A batch and its bytes are valid until the
   * next is asked for.
   */
  batches(): AsyncIterable<Batch<T>>;
  /**
   * The same without a promise for each batch: `take` is called with each one within the turn that brought it. If it returns a
   * promise, the next waits for that; if it throws or rejects, so does the result. Resolves when all have been taken. A batch and
   * its bytes are valid until `take` has returned, or its promise has resolved: then the next read may go where they lie.
   */
  forEachBatch(take: TakeBatch<T>): Promise<void>;
}

/** Uses one batch, at once or until its promise resolves. */
export type TakeBatch<T> = (batch: Batch<T>) => PromiseLike<void> | void;

/** What has come: a batch, or a message that is to be inflated when it is wanted, at once or in its turn, which may throw. */
export type Arrival<T> = Batch<T> | (() => Batch<T> | Promise<Batch<T>>);

interface Taker<T> {
  readonly take: TakeBatch<T>;
  resolve(): void;
  reject(error: unknown): void;
}

/** The requests of a streaming call. */
export type Requests<T> = Incoming<T>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

const batchOf = <T>(arrival: Arrival<T>): Batch<T> | Promise<Batch<T>> =>
  typeof arrival === "function" ? arrival() : arrival;

const batchResult = <T>(batch: Batch<T> | undefined): IteratorResult<Batch<T>, undefined> =>
  batch === undefined ? DONE : { done: false, value: batch };

/**
 * The receiving end of a stream of messages: takes batches as they come, hands them to one consumer, and says when their bytes
 * were used, so that no more is received than the consumer keeps up with.
 */
export class IncomingQueue<T> implements Incoming<T> {
  readonly #ready: Arrival<T>[] = [];
  /** Called when everything handed over so far was taken. */
  readonly #used: () => void;
  /** Called when the consumer stops before the end; with the reason, if a message could not be read. */
  readonly #stopped: (reason?: unknown) => void;
  #state: "open" | "ended" | "stopped" = "open";
  #error: RpcError | undefined;
  #waiting:
    | { resolve(batch: Batch<T> | undefined | Promise<Batch<T>>): void; reject(error: unknown): void }
    | undefined;
  /** Whether messages that were handed over but not read yet are dropped, too. */
  #hasFailed = false;
  #isTaken = false;
  /** Called once, when the consumer has seen the end or has stopped. */
  onDone: (() => void) | undefined = undefined;
  /** Who is handed batches as they come. */
  #taker: Taker<T> | undefined;
  /** Whether the taker is at work on a batch. */
  #isTaking = false;

  constructor(used: () => void, stopped: (reason?: unknown) => void) {
    this.#used = used;
    this.#stopped = stopped;
  }

  /** Whether the consumer waits for messages: what comes is used at once. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined || (this.#taker !== undefined && !this.#isTaking);
  }

  /** Takes what has come. Returns whether it is used up, and nobody looks at it any more. */
  push(arrival: Arrival<T>): boolean {
    if (this.#state !== "open") return true;
    if (this.#taker !== undefined && !this.#isTaking) return this.#hand(this.#taker, arrival);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) {
      this.#ready.push(arrival);
      return false;
    }
    try {
      waiting.resolve(this.#open(arrival));
    } catch (error) {
      waiting.reject(error);
      void this.#stop(error);
    }
    return false;
  }

  /** No more messages come. What is here can still be taken; after it the consumer sees the error, if there is one. */
  end(error?: RpcError): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#error = error;
    this.#settleWaiting();
    if (!this.#isTaking) this.#settleTaker();
  }

  /** The consumer sees the error at once; what it did not take is dropped. */
  fail(error: RpcError): void {
    if (this.#state === "stopped") return;
    this.#ready.length = 0;
    this.#state = "ended";
    this.#hasFailed = true;
    this.#error ??= error;
    this.#settleWaiting();
    this.#settleTaker();
  }

  /** Wants no more messages: who waits for one sees CANCELED. Nothing happens if all have come. */
  cancel(): void {
    if (this.#state !== "open") return;
    this.#error = new RpcError(Code.Canceled, "the caller cancelled the call");
    void this.#stop();
  }

  batches(): AsyncIterable<Batch<T>> {
    this.#take();
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          try {
            const next = this.#next();
            return next instanceof Promise ? next.then(batchResult) : Promise.resolve(batchResult(next));
          } catch (error) {
            return this.#break(error);
          }
        },
        return: () => this.#stop(),
      }),
    };
  }

  forEachBatch(take: TakeBatch<T>): Promise<void> {
    this.#take();
    return new Promise((resolve, reject) => {
      this.#taker = { take, resolve, reject };
      this.#hand(this.#taker, this.#ready.shift());
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    this.#take();
    let batch: Batch<T> | undefined;
    let at = 0;
    const first = (next: Batch<T> | undefined): IteratorResult<T, undefined> => {
      batch = next;
      at = 1;
      return next === undefined ? DONE : { done: false, value: next.at(0) };
    };
    const waited = (next: Batch<T> | undefined): IteratorResult<T, undefined> | Promise<never> => {
      try {
        return first(next);
      } catch (error) {
        return this.#break(error);
      }
    };
    return {
      next: () => {
        try {
          if (batch !== undefined && at < batch.count && !this.#hasFailed) {
            return Promise.resolve({ done: false, value: batch.at(at++) });
          }
          const next = this.#next();
          return next instanceof Promise ? next.then(waited) : Promise.resolve(first(next));
        } catch (error) {
          return this.#break(error);
        }
      },
      return: () => this.#stop(),
    };
  }

  /**
   * Hands over a batch and then what is ready, until the taker wants to wait or there is no more. Returns whether the taker has
   * used all of it.
   */
  #hand(taker: Taker<T>, first: Arrival<T> | undefined): boolean {
    this.#isTaking = true;
    try {
      for (let next = first; next !== undefined; next = this.#ready.shift()) {
        const batch = batchOf(next);
        const taken = batch instanceof Promise ? batch.then(taker.take) : taker.take(batch);
        if (taken === undefined) continue;
        taken.then(
          () => void this.#hand(taker, this.#ready.shift()),
          (error) => this.#breakOff(taker, error),
        );
        return false;
      }
    } catch (error) {
      this.#breakOff(taker, error);
      return false;
    }
    this.#isTaking = false;
    this.#used();
    if (this.#state !== "open") this.#settleTaker();
    return true;
  }

  #breakOff(taker: Taker<T>, error: unknown): void {
    this.#isTaking = false;
    this.#taker = undefined;
    taker.reject(error);
    void this.#stop(error);
  }

  #settleTaker(): void {
    const taker = this.#taker;
    if (taker === undefined) return;
    this.#taker = undefined;
    this.#done();
    if (this.#error === undefined) taker.resolve();
    else taker.reject(this.#error);
  }

  /** The next batch, undefined at the end; a promise only if there is nothing yet. Throws if it cannot be inflated. */
  #next(): Batch<T> | undefined | Promise<Batch<T> | undefined> {
    const next = this.#ready.shift();
    if (next !== undefined) {
      if (this.#ready.length === 0) this.#used();
      return this.#open(next);
    }
    if (this.#state !== "open") {
      this.#done();
      if (this.#error !== undefined) return Promise.reject(this.#error);
      return undefined;
    }
    if (this.#waiting !== undefined) {
      return Promise.reject(new RpcError(Code.Internal, "the stream is read by two at once: await each next()"));
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#used();
    });
  }

  /** As {@link batchOf}, but if it is inflated in its turn and fails, the stream stops. */
  #open(arrival: Arrival<T>): Batch<T> | Promise<Batch<T>> {
    const batch = batchOf(arrival);
    return batch instanceof Promise ? batch.catch((error: unknown) => this.#break(error)) : batch;
  }

  /** A message does not inflate or decode. Loops do not call return() after next() has failed, so nobody else stops the stream. */
  #break(error: unknown): Promise<never> {
    void this.#stop(error);
    return Promise.reject(error);
  }

  #settleWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#done();
    if (this.#error === undefined) waiting.resolve(undefined);
    else waiting.reject(this.#error);
  }

  #done(): void {
    const { onDone } = this;
    this.onDone = undefined;
    onDone?.();
  }

  #take(): void {
    if (this.#isTaken) throw new RpcError(Code.Internal, "the stream is read already: it can be iterated once");
    this.#isTaken = true;
  }

  #stop(reason?: unknown): Promise<IteratorReturnResult<undefined>> {
    if (this.#state !== "stopped") {
      const hadEnded = this.#state === "ended";
      this.#state = "stopped";
      this.#ready.length = 0;
      this.#settleWaiting();
      this.#settleTaker();
      this.#done();
      this.#used();
      if (!hadEnded) this.#stopped(reason);
    }
    return Promise.resolve(DONE);
  }
}
