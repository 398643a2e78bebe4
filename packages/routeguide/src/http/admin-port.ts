import type { Observer } from "@routeguide/grpc";
import { reasonOf } from "../node-reason.js";
import type { Log } from "../service/log.js";
import { StartError } from "../start-error.js";
import type { StreamStanding } from "../stores/jetstream-notes.js";
import { type AdminAt, openAdmin } from "./admin.js";
import { type Measured, Metrics } from "./metrics.js";

export interface AdminPortOptions {
  readonly at: AdminAt;
  readonly log: Log;
  readonly logLevels: readonly string[];
}

/** The port for those who run the server, and what it shows of the server. */
export interface AdminPort {
  readonly address: string;
  /** Counts calls for the metrics. */
  readonly observer: Observer;
  isReady: boolean;
  /** Adds what the server holds to the metrics. */
  measure(read: () => Measured): void;
  /** Adds how the server stands to NATS. */
  measureStream(read: () => Promise<StreamStanding>): void;
  close(): Promise<void>;
}

/** @throws {StartError} if it cannot listen there */
export async function openAdminPort({ at, log, logLevels }: AdminPortOptions): Promise<AdminPort> {
  const metrics = new Metrics();
  const port = { isReady: false };
  const admin = await openAdmin(at, {
    isReady: () => port.isReady,
    metrics: () => metrics.text(),
    logLevels,
    get logLevel() {
      return log.level;
    },
    set logLevel(level) {
      log.level = level;
    },
  }).catch((error: unknown) => {
    const where = "path" in at ? at.path : `${at.host}:${at.port}`;
    throw new StartError(`the admin port cannot be opened on ${where}: ${reasonOf(error)}`, { cause: error });
  });
  return Object.assign(port, {
    address: admin.address,
    observer: metrics.observer,
    measure: (read: () => Measured) => metrics.measure(read),
    measureStream: (read: () => Promise<StreamStanding>) => metrics.measureStream(read),
    close: () => admin.close(),
  });
}
