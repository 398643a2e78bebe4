/**
 * Metrics of calls for Prometheus, through the package prom-client, under the names that go-grpc-prometheus made the field's own.
 */
import { Counter, Gauge, type Registry, register } from "prom-client";
import type { Call } from "../call/call.js";
import type { Observer } from "../call/observer.js";
import { checkOptions, type Expectations, withMethods } from "../options.js";
import { TotalsHistogram } from "./prometheus-histogram.js";
import { CallTotals, type MethodTotals } from "./prometheus-totals.js";

/** Where metrics are registered, and their buckets. */
export interface MetricsOptions {
  /** Where the metrics are registered. Default: prom-client's global registry. */
  readonly register?: Registry;
  /** Upper bounds of the durations' buckets, in seconds, ascending. Default: 0.005 to 10, prom-client's own. */
  readonly buckets?: readonly number[];
}

/**
 * An observer for servers:
 *
 * | metric | type | labels beyond grpc_type, grpc_service, grpc_method |
 * |---|---|---|
 * | grpc_server_started_total | counter | |
 * | grpc_server_handled_total | counter | grpc_code: OK, InvalidArgument, ... |
 * | grpc_server_msg_received_total | counter | |
 * | grpc_server_msg_sent_total | counter | |
 * | grpc_server_in_flight | gauge | |
 * | grpc_server_handling_seconds | histogram | |
 *
 * A call costs a few additions: labels are only made when the metrics are read. Only methods that the server has are counted, so
 * no caller can make new ones up.
 *
 * @throws {Error} if the registry has metrics of these names already
 * @throws {TypeError | RangeError} for an option that is none, or buckets that do not ascend
 */
export function serverMetrics(options: MetricsOptions = {}): Observer {
  checkOptions("serverMetrics()", options, EXPECTED);
  return metrics("grpc_server", options);
}

/** The same for clients: grpc_client_started_total, ..., grpc_client_handling_seconds. */
export function clientMetrics(options: MetricsOptions = {}): Observer {
  checkOptions("clientMetrics()", options, EXPECTED);
  return metrics("grpc_client", options);
}

const EXPECTED: Expectations<MetricsOptions> = {
  register: withMethods("a Registry of prom-client", "registerMetric"),
  // Whether they ascend is seen where they are used, and said with their values.
  buckets: { what: "an array of numbers of seconds", is: Array.isArray },
};

/** What prom-client starts from, in seconds. */
const BUCKETS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LABELS = ["grpc_type", "grpc_service", "grpc_method"] as const;

function metrics(prefix: string, { register: registry = register, buckets = BUCKETS }: MetricsOptions): Observer {
  const totals = new CallTotals(buckets);
  const registers = [registry];
  const total = (name: string, help: string, read: (method: MethodTotals) => number) =>
    new Counter({
      name: `${prefix}_${name}_total`,
      help,
      labelNames: LABELS,
      registers,
      collect() {
        this.reset();
        for (const method of totals.methods) this.inc(method.labels, read(method));
      },
    });
  total("started", "Calls that began.", ({ started }) => started);
  new Counter({
    name: `${prefix}_handled_total`,
    help: "Calls that ended, by how they did.",
    labelNames: [...LABELS, "grpc_code"],
    registers,
    collect() {
      this.reset();
      for (const { labels, handled } of totals.methods) {
        for (const [grpc_code, count] of handled) this.inc({ ...labels, grpc_code }, count);
      }
    },
  });
  total("msg_received", "Messages received.", ({ received }) => received);
  total("msg_sent", "Messages sent.", ({ sent }) => sent);
  new Gauge({
    name: `${prefix}_in_flight`,
    help: "Calls that run.",
    labelNames: LABELS,
    registers,
    collect() {
      for (const { labels, started, ended } of totals.methods) this.set(labels, started - ended);
    },
  });
  new TotalsHistogram(totals, { name: `${prefix}_handling_seconds`, help: "How long calls took.", registers });
  return observe(totals);
}

function observe(totals: CallTotals): Observer {
  /** When each call began, on the clock of performance.now(). A Map, for a WeakMap costs ten times as much. */
  const startedAtMs = new Map<Call, number>();
  return {
    started(call) {
      startedAtMs.set(call, performance.now());
      totals.of(call.method).started++;
    },
    received(call, count) {
      totals.of(call.method).received += count;
    },
    sent(call, count) {
      totals.of(call.method).sent += count;
    },
    finished(call, error) {
      const beganAtMs = startedAtMs.get(call);
      if (beganAtMs === undefined) return;
      startedAtMs.delete(call);
      totals.of(call.method).end((performance.now() - beganAtMs) / 1000, error?.code);
    },
  };
}
