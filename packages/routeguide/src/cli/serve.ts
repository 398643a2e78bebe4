import { basename } from "node:path";
import type { LoadProgress } from "../atlas/node-load.js";
import type { Config } from "../config.js";
import { type RunningServer, startServer } from "../server.js";
import type { Io } from "./io.js";
import { openLog } from "./log.js";
import { Progress } from "./progress.js";
import { grouped } from "./shapes.js";

/** Serves until the process is told to stop, then lets calls end. */
export async function serve(io: Io, config: Config): Promise<void> {
  const say = (text: string) => {
    if (config.logLevel !== "silent") io.stderr.write(`${text}\n`);
  };
  const interrupted = fired(io.interrupt);
  const starting = start(io, config);
  const server = await Promise.race([starting, interrupted]);
  if (server === undefined) {
    // Nobody was served yet: what still loads is not waited for.
    starting.then(
      (late) => late.stop(0, 0),
      () => {},
    );
    return;
  }
  say(welcome(server, config));
  await interrupted;
  say(`Stopping: calls may run for ${config.drainSeconds} s more. Once more stops at once.`);
  await server.stop();
  say("Stopped.");
}

async function start(io: Io, config: Config): Promise<RunningServer> {
  using progress = Progress.on(io);
  const onProgress = (loading: LoadProgress) => progress.show(() => describe(loading));
  const log = config.logLevel === "silent" ? {} : { log: await openLog(config, io.stderr) };
  return await startServer(config, { onProgress, ...log });
}

function describe({ phase, file, share, features }: LoadProgress): string {
  if (phase === "packing") return `Packing ${grouped(features)} places`;
  return `Reading ${basename(file)}: ${Math.floor(share * 100)} %, ${grouped(features)} places`;
}

function welcome({ address, target, placeCount }: RunningServer, { notes, places }: Config): string {
  const source = places.length === 0 ? "that ship with it" : `from ${places.join(", ")}`;
  return `RouteGuide serves ${grouped(placeCount)} places ${source}
  at     ${address}
  notes  ${notes === "memory" ? "in memory, until it stops" : `kept in ${notes.folder}`}
  try    npx routeguide demo ${target.replace(/^http:\/\//, "")}
  stop   Ctrl-C`;
}

function fired(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}
