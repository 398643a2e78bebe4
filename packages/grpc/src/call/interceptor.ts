import type { DescMethod } from "@bufbuild/protobuf";
import type { Call } from "./call.js";

/**
 * Runs a call: takes the request (a message, or the stream of them) and gives the response (a message, or a stream of them).
 */
export type Invoke = (request: unknown, call: Call) => unknown;

/**
 * Stands around calls and may change them. It is asked once a method, and returns what then runs for each call. It may be
 * synchronous: return what `next` returns.
 */
export type Interceptor = (next: Invoke, method: DescMethod) => Invoke;

/** Puts interceptors around a handler; the first is the outermost. */
export function intercept(interceptors: readonly Interceptor[], method: DescMethod, handler: Invoke): Invoke {
  return interceptors.reduceRight((next, interceptor) => interceptor(next, method), handler);
}
