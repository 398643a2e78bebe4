import { Code } from "../call/code.js";
import { type Incoming, IncomingQueue, type TakeBatch } from "../call/incoming.js";
import type { Many } from "../call/pump.js";
import { RpcError } from "../call/rpc-error.js";
import type { Batch } from "../envelope/batch.js";

/** The responses of a call as an interceptor gives them: a stream of its own, or a promise of one. */
export class ReplacedResponses implements Incoming<unknown> {
  readonly #stream: Promise<Many<unknown>>;
  readonly #call: { cancel(): void };

  constructor(stream: unknown, call: { cancel(): void }) {
    // The types of Interceptor cannot say so, but around a streaming method there is nothing else to return.
    this.#stream = Promise.resolve(stream as Many<unknown>);
    // Whoever iterates is told; whoever does not has not asked.
    this.#stream.catch(() => {});
    this.#call = call;
  }

  /** Cancels the call. */
  cancel(): void {
    this.#call.cancel();
  }

  async *batches(): AsyncGenerator<Batch<unknown>, void> {
    try {
      yield* (await this.#own()).batches();
    } finally {
      this.cancel();
    }
  }

  async forEachBatch(take: TakeBatch<unknown>): Promise<void> {
    await (await this.#own()).forEachBatch(take);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void> {
    try {
      yield* await this.#stream;
    } finally {
      // Leaving the loop early must reach the server even if the interceptor's stream has not begun.
      this.cancel();
    }
  }

  /** The call's own stream: an interceptor may have taken its time, and given it on as it is. */
  async #own(): Promise<IncomingQueue<unknown>> {
    const stream = await this.#stream;
    if (stream instanceof IncomingQueue) return stream;
    throw new RpcError(Code.Internal, "an interceptor has replaced the stream: iterate over its messages");
  }
}
