import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";

/** Labels of a method's metrics. */
export interface MethodLabels {
  readonly grpc_type: string;
  readonly grpc_service: string;
  readonly grpc_method: string;
}

/** The values of grpc_type, as go-grpc-prometheus has them. */
const TYPES: Readonly<Record<DescMethod["methodKind"], string>> = {
  unary: "unary",
  client_streaming: "client_stream",
  server_streaming: "server_stream",
  bidi_streaming: "bidi_stream",
};

/** What is counted of the calls of one method. */
export class MethodTotals {
  readonly labels: MethodLabels;
  started = 0;
  ended = 0;
  received = 0;
  sent = 0;
  /** The time of all calls that ended. */
  seconds = 0;
  /** Calls that ended by code, under the code's name in Go: OK, InvalidArgument. */
  readonly handled = new Map<string, number>();
  /** Calls that ended within each bound and not within the one before; the last: within none. */
  readonly buckets: Float64Array;
  readonly #bounds: readonly number[];

  constructor(method: DescMethod, bounds: readonly number[]) {
    this.labels = {
      grpc_type: TYPES[method.methodKind],
      grpc_service: method.parent.typeName,
      grpc_method: method.name,
    };
    this.#bounds = bounds;
    this.buckets = new Float64Array(bounds.length + 1);
  }

  /** @param code undefined: the call ended well */
  end(seconds: number, code: Code | undefined): void {
    this.ended++;
    this.seconds += seconds;
    let bucket = 0;
    while (bucket < this.#bounds.length && seconds > (this.#bounds[bucket] ?? 0)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    const name = code === undefined ? "OK" : (Code[code] ?? "Unknown");
    this.handled.set(name, (this.handled.get(name) ?? 0) + 1);
  }
}

/** What is counted of all calls, by method. */
export class CallTotals {
  readonly bounds: readonly number[];
  readonly #methods = new Map<DescMethod, MethodTotals>();
  /** What was asked for last: one call asks four times, and most calls are of few methods. */
  #lastMethod: DescMethod | undefined;
  #last: MethodTotals | undefined;

  /** @param bounds upper bounds of the buckets in seconds, ascending */
  constructor(bounds: readonly number[]) {
    if (bounds.some((bound, i) => !(bound > (bounds[i - 1] ?? Number.NEGATIVE_INFINITY)))) {
      throw new RangeError(`buckets are ${bounds.join(", ")}: expected numbers of seconds, ascending`);
    }
    this.bounds = [...bounds];
  }

  get methods(): Iterable<MethodTotals> {
    return this.#methods.values();
  }

  of(method: DescMethod): MethodTotals {
    if (this.#last !== undefined && method === this.#lastMethod) return this.#last;
    const totals = this.#methods.get(method) ?? new MethodTotals(method, this.bounds);
    this.#methods.set(method, totals);
    this.#lastMethod = method;
    this.#last = totals;
    return totals;
  }
}
