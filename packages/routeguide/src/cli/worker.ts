import cluster from "node:cluster";
import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "../config.js";
import type { Io } from "./io.js";
import { serve } from "./serve.js";
import type { FromWorker, ToWorker } from "./watch.js";

/** Connections that were handed over last may still say their first words in this time. */
const LAST_CONNECTIONS_MS = 200;
/** Whoever changes a program does not want to wait for its chats. */
const MOST_DRAIN_SECONDS = 1;

/** Whether this process was started by `watch()`. */
export const isWorker = (): boolean => cluster.isWorker;

/** Serves in the place of a predecessor, until a successor takes it. */
export async function work(io: Io, config: Config): Promise<void> {
  const replaced = new AbortController();
  const gone = new Promise<void>((resolve) => {
    process.on("message", async (message: ToWorker) => {
      if (message === "predecessor-gone") resolve();
      if (message !== "stop") return;
      await delay(LAST_CONNECTIONS_MS);
      replaced.abort();
    });
  });
  // Nobody is left who could hand connections over.
  process.on("disconnect", () => replaced.abort());
  await serve(
    { ...io, interrupt: AbortSignal.any([io.interrupt, replaced.signal]) },
    { ...config, drainSeconds: Math.min(config.drainSeconds, MOST_DRAIN_SECONDS), lameDuckSeconds: 0 },
    { predecessor: { gone, succeeded: () => say("connectable") }, serving: () => say("serving") },
  );
}

function say(message: FromWorker): void {
  process.send?.(message);
}
