import { type Context, context } from "@opentelemetry/api";
import type { Requests } from "../call/incoming.js";
import type { Many } from "../call/pump.js";

/**
 * The requests of a stream, whose batches are handed over in a context. What is awaited needs no help: code goes on in the context
 * in which it began to wait.
 */
export function requestsIn(active: Context, request: unknown): Requests<unknown> {
  // Only asked for methods that take a stream.
  const requests = request as Requests<unknown>;
  return {
    batches: () => requests.batches(),
    forEachBatch: (take) => requests.forEachBatch(context.bind(active, take)),
    [Symbol.asyncIterator]: () => requests[Symbol.asyncIterator](),
  };
}

/** The responses of a stream, whose code runs in a context: a generator's body runs where its next() was called. */
export function responsesIn(active: Context, response: unknown): Many<unknown> {
  // Only asked for methods that give a stream.
  const messages = response as Many<unknown>;
  if (Symbol.asyncIterator in messages) {
    return { [Symbol.asyncIterator]: () => iteratorIn(active, messages[Symbol.asyncIterator]()) };
  }
  return { [Symbol.iterator]: () => iteratorIn(active, messages[Symbol.iterator]()) };
}

interface Steps<R> {
  next(): R;
  return?(value?: unknown): R;
}

function iteratorIn<R>(active: Context, iterator: Steps<R>): Steps<R> {
  const leave = iterator.return?.bind(iterator);
  return {
    next: () => context.with(active, () => iterator.next()),
    ...(leave !== undefined && { return: (value: unknown) => context.with(active, () => leave(value)) }),
  };
}
