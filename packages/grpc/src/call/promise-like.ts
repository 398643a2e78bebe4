/** The least of a promise: calls back once, maybe at once, with what has been waited for. */
export interface Later<T> {
  then(resolve: (value: T) => void, reject: (reason: unknown) => void): unknown;
}

/** Whether something is awaited rather than taken as it is. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
