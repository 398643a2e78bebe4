/**
 * `serve --watch`: a process that serves nothing itself. Its workers do, one after the other, on ports that it holds for them (Node's
 * cluster), so that a restart refuses no connection:
 *
 *     change -> the successor starts, loads its places, takes connections, lets their calls wait
 *            -> the predecessor gets no more connections, ends its calls, closes the notes, ends
 *            -> the successor opens the notes, answers
 *
 * A successor that does not get so far leaves its predecessor where it is.
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import type { Config } from "../config.js";
import { Changes } from "./changes.js";
import type { Io } from "./io.js";
import { openLog } from "./log.js";

/** What workers say. */
export type FromWorker = "connectable" | "serving";
/** What workers are told. */
export type ToWorker = "predecessor-gone" | "stop";

/** Serves until told to stop, and starts anew with each change of the program, its configuration or its places. */
export async function watch(io: Io, config: Config, configFile: string | undefined): Promise<void> {
  const log = await openLog(config, io.stderr);
  using changes = new Changes([...config.places, ...(configFile === undefined ? [] : [configFile])]);
  const interrupted = once(io.interrupt, "abort").then(() => "told to stop" as const);
  let serving = await start(undefined);
  while (!io.interrupt.aborted) {
    if (serving === undefined) log.warn({}, "nobody serves: waiting for a change");
    const turn = new AbortController();
    const ended = serving === undefined ? [] : [once(serving, "exit", turn).then(() => "ended" as const)];
    const event = await Promise.race([changes.next(), interrupted, ...ended]);
    turn.abort();
    await Promise.allSettled(ended);
    if (event === "ended") serving = undefined;
    if (event !== "changed") continue;
    log.info({}, "something has changed: starting anew");
    serving = await start(serving);
  }
  if (serving !== undefined) await stop(serving);

  /** Starts a worker, which takes the place of another. Resolves to who serves now. */
  async function start(predecessor: Worker | undefined): Promise<Worker | undefined> {
    const worker = cluster.fork();
    if (!(await says(worker, "connectable"))) {
      if (isAlive(predecessor)) log.warn({}, "the new server does not start: the one before goes on");
      return isAlive(predecessor) ? predecessor : undefined;
    }
    if (isAlive(predecessor)) await stop(predecessor);
    tell(worker, "predecessor-gone");
    return (await says(worker, "serving")) ? worker : undefined;
  }
}

const isAlive = (worker: Worker | undefined): worker is Worker => worker !== undefined && !worker.isDead();

/** Takes a worker's ports away, lets its calls end, and waits until it has ended. */
async function stop(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const ended = once(worker, "exit");
  tell(worker, "stop");
  worker.disconnect();
  await ended;
}

function tell(worker: Worker, message: ToWorker): void {
  // One that is ending hears nothing any more, and need not.
  worker.send(message, () => {});
}

/** Waits for what a worker says. Resolves to false if it ends without saying it. */
function says(worker: Worker, expected: FromWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      if (message === expected) settle(true);
    };
    const ended = () => settle(false);
    const settle = (hasSaid: boolean) => {
      worker.off("message", listen).off("exit", ended);
      resolve(hasSaid);
    };
    worker.on("message", listen).on("exit", ended);
  });
}
