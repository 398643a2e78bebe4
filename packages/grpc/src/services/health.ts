/** Whether services can take calls, for load balancers and probes: gRPC's own protocol, grpc.health.v1. */
import type { DescService } from "@bufbuild/protobuf";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { type Health, HealthCheckResponse_ServingStatus as Status } from "../gen/grpc/health/v1/health_pb.js";
import {
  A_TEXT,
  checkArgument,
  checkOptions,
  type Expectations,
  type Expected,
  either,
  numberFrom,
} from "../options.js";
import type { ServiceImpl } from "../server/handler.js";
import { healthLimits } from "./health-limits.js";
import { HealthWatcher } from "./health-watcher.js";

export { Health, HealthCheckResponse_ServingStatus as ServingStatus } from "../gen/grpc/health/v1/health_pb.js";

/** The side of the program that knows how its services are. */
export interface HealthReporter {
  /**
   * Says whether a service takes calls. Who watches it hears of a change at once. A service that was never set is unknown.
   *
   * @param service the service, or its full name; "" is the server as a whole, which serves until something else is said
   * @throws {TypeError} for what is neither
   */
  set(service: DescService | string, serving: boolean): void;
  /**
   * Everything is NOT_SERVING from now on, whatever is set. Call it before the server drains: whoever watches hears it while the
   * port is still open, and then its call ends, so that the drain does not wait for it.
   */
  stop(): void;
}

/** What watchers may take. */
export interface HealthOptions {
  /** How many calls of Watch are served at a time; more end with RESOURCE_EXHAUSTED. Default: 1000. */
  readonly maxWatchers?: number;
}

/**
 * Makes the health service and its reporter:
 *
 *     const { reporter, handlers } = createHealth();
 *     server.service(Health, handlers);
 *     reporter.set(RouteGuide, true);
 *
 * @throws {TypeError | RangeError} for an option that is none, or out of its range
 */
export function createHealth(options: HealthOptions = {}): {
  readonly reporter: HealthReporter;
  readonly handlers: ServiceImpl<typeof Health>;
} {
  checkOptions("createHealth()", options, EXPECTED);
  const book = new HealthBook(options.maxWatchers ?? healthLimits.maxWatchers);
  return {
    reporter: book,
    handlers: {
      check: ({ service }) => book.check(service),
      list: () => book.list(),
      watch: ({ service }) => book.watch(service),
    },
  };
}

const EXPECTED: Expectations<HealthOptions> = { maxWatchers: numberFrom(0) };
const SERVICE: Expected = either(
  { what: "a service", is: (value) => (Object(value) as Partial<DescService>).kind === "service" },
  { what: "its full name", is: A_TEXT.is },
);

class HealthBook implements HealthReporter {
  readonly #maxWatchers: number;
  readonly #statuses = new Map<string, Status>([["", Status.SERVING]]);
  readonly #watchers = new Map<string, Set<HealthWatcher>>();
  #watcherCount = 0;
  #isStopped = false;

  constructor(maxWatchers: number) {
    this.#maxWatchers = maxWatchers;
  }

  set(service: DescService | string, serving: boolean): void {
    checkArgument("set()", "service", service, SERVICE);
    if (this.#isStopped) return;
    const name = typeof service === "string" ? service : service.typeName;
    this.#tell(name, serving ? Status.SERVING : Status.NOT_SERVING);
  }

  stop(): void {
    this.#isStopped = true;
    for (const name of this.#statuses.keys()) this.#tell(name, Status.NOT_SERVING);
    for (const watchers of this.#watchers.values()) {
      for (const watcher of watchers) watcher.end();
    }
  }

  check(service: string): { status: Status } {
    const status = this.#statuses.get(service);
    if (status === undefined) throw new RpcError(Code.NotFound, "the service is not known here");
    return { status };
  }

  list(): { statuses: Record<string, { status: Status }> } {
    const { maxListed } = healthLimits;
    if (this.#statuses.size > maxListed) {
      throw new RpcError(Code.ResourceExhausted, `there are more than ${maxListed} services: check them one by one`);
    }
    const entries = Array.from(this.#statuses, ([name, status]) => [name, { status }] as const);
    return { statuses: Object.fromEntries(entries) };
  }

  watch(service: string): HealthWatcher {
    const { maxNameLength } = healthLimits;
    if (service.length > maxNameLength) {
      throw new RpcError(Code.InvalidArgument, `a service's name has at most ${maxNameLength} characters`);
    }
    if (this.#watcherCount >= this.#maxWatchers) {
      throw new RpcError(Code.ResourceExhausted, `${this.#maxWatchers} calls watch already: try again later`);
    }
    const watchers = this.#watchers.get(service) ?? new Set();
    const watcher = new HealthWatcher(this.#statuses.get(service) ?? Status.SERVICE_UNKNOWN, (watcher) => {
      if (!watchers.delete(watcher)) return;
      this.#watcherCount--;
      if (watchers.size === 0) this.#watchers.delete(service);
    });
    watchers.add(watcher);
    this.#watchers.set(service, watchers);
    this.#watcherCount++;
    if (this.#isStopped) watcher.end();
    return watcher;
  }

  #tell(name: string, status: Status): void {
    this.#statuses.set(name, status);
    for (const watcher of this.#watchers.get(name) ?? []) watcher.tell(status);
  }
}
