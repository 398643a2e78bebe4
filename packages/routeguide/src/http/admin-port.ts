import type { Observer } from "@routeguide/grpc";
import type { Log } from "../service/log.js";
import { StartError } from "../start-error.js";
import { type AdminAt, openAdmin } from "./admin.js";
import { isLoopback } from "./loopback.js";
import { type Measured, Metrics } from "./metrics.js";

export interface AdminPortOptions {
  readonly at: AdminAt;
  /** Whether it may be reached from other machines. */
  readonly isPublic: boolean;
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
  close(): Promise<void>;
}

/** @throws {StartError} if it cannot listen there, or others could reach it and must not */
export async function openAdminPort({ at, isPublic, log, logLevels }: AdminPortOptions): Promise<AdminPort> {
  if ("port" in at && !isLoopback(at.host) && !isPublic) {
    throw new StartError(
      `other machines could reach the admin port at ${at.host}: let it listen at 127.0.0.1:${at.port}, or set adminPublic`,
    );
  }
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
  }).catch((error: Error) => {
    throw new StartError(`the admin port cannot be opened: ${error.message}`, { cause: error });
  });
  return Object.assign(port, {
    address: admin.address,
    observer: metrics.observer,
    measure: (read: () => Measured) => metrics.measure(read),
    close: () => admin.close(),
  });
}
