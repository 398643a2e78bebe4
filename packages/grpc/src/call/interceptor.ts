import type { DescMethod } from "@bufbuild/protobuf";
import { shown } from "../shown.js";
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

/**
 * Puts interceptors around a handler; the first is the outermost.
 *
 * @throws {TypeError} if one returns no function
 */
export function intercept(interceptors: readonly Interceptor[], method: DescMethod, handler: Invoke): Invoke {
  return interceptors.reduceRight((next, interceptor) => {
    const invoke: unknown = interceptor(next, method);
    if (typeof invoke === "function") return invoke as Invoke;
    const text = "expected the function that runs for each call, (request, call) => next(request, call)";
    throw new TypeError(
      `an interceptor has returned ${shown(invoke)} for ${method.parent.typeName}/${method.name}: ${text}`,
    );
  }, handler);
}
