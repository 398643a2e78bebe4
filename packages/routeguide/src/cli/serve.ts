import { basename } from "node:path";
import type { LoadProgress } from "../atlas/node-load.js";
import type { Config } from "../config.js";
import { type Log, type Predecessor, type RunningServer, startServer } from "../server.js";
import { withoutLogin } from "../stores/nats-url.js";
import type { Io } from "./io.js";
import { isText, openLog } from "./log.js";
import { Progress } from "./progress.js";
import { grouped } from "./shapes.js";

export interface ServeOptions {
  /** Whose place this server takes. Default: nobody's. */
  readonly predecessor?: Predecessor;
  /** Told when calls are answered. */
  serving?(): void;
}

/** Serves until the process is told to stop, then lets calls end. */
export async function serve(io: Io, config: Config, options: ServeOptions = {}): Promise<void> {
  const log = await openLog(config, io.stderr);
  const say = sayer(io, config, log);
  const interrupted = fired(io.interrupt);
  const starting = start(io, config, log, options);
  const server = await Promise.race([starting, interrupted]);
  if (server === undefined) {
    // Nobody was served yet: what still loads is not waited for.
    starting.then(
      (late) => late.stop(0, 0),
      () => {},
    );
    return;
  }
  say(welcome(server, config), serving(server, config), "serving");
  options.serving?.();
  await interrupted;
  const { drainSeconds, lameDuckSeconds } = config;
  const first = lameDuckSeconds > 0 ? `${lameDuckSeconds} s of lame duck, then ` : "";
  say(
    `Stopping: ${first}calls may run for ${drainSeconds} s more. Once more stops at once.`,
    { drainSeconds, lameDuckSeconds },
    "stopping",
  );
  await server.stop();
  say("Stopped.", {}, "stopped");
}

/** Tells people in sentences, and machines in entries. */
function sayer(io: Io, config: Config, log: Log) {
  const isForPeople = isText(config, io.stderr);
  return (text: string, fields: object, message: string) => {
    if (config.logLevel === "silent") return;
    if (isForPeople) io.stderr.write(`${text}\n`);
    else log.info(fields, message);
  };
}

async function start(io: Io, config: Config, log: Log, { predecessor }: ServeOptions): Promise<RunningServer> {
  using progress = Progress.on(io);
  const onProgress = (loading: LoadProgress) => progress.show(() => describe(loading));
  return await startServer(config, { onProgress, log, ...(predecessor !== undefined && { predecessor }) });
}

function describe({ phase, file, share, features }: LoadProgress): string {
  if (phase === "packing") return `Packing ${grouped(features)} places`;
  return `Reading ${basename(file)}: ${Math.floor(share * 100)} %, ${grouped(features)} places`;
}

function welcome(server: RunningServer, config: Config): string {
  const { places } = config;
  const { address, udsAddress, adminAddress, mapUrl, target, placeCount } = server;
  const source = places.length === 0 ? "that ship with it" : `from ${places.join(", ")}`;
  return [
    `RouteGuide serves ${grouped(placeCount)} places ${source}`,
    `  at     ${address}`,
    ...(udsAddress === undefined ? [] : [`  and    ${udsAddress}`]),
    ...(adminAddress === undefined ? [] : [`  admin  ${adminAddress}`]),
    ...(mapUrl === undefined ? [] : [`  map    ${mapUrl}`]),
    `  notes  ${notesIn(config)}`,
    `  try    npx routeguide demo ${target.replace(/^http:\/\//, "")}`,
    "  stop   Ctrl-C",
  ].join("\n");
}

function notesIn({ notes, nats, natsStream }: Config): string {
  if (nats.length > 0) return `kept in the stream ${natsStream} of ${nats.map(withoutLogin).join(", ")}`;
  return notes === "memory" ? "in memory, until it stops" : `kept in ${notes.folder}`;
}

/** The welcome as fields of an entry. */
function serving(
  { address, udsAddress, adminAddress, placeCount }: RunningServer,
  { notes, nats, natsStream }: Config,
): object {
  return {
    address,
    ...(udsAddress !== undefined && { uds: udsAddress }),
    ...(adminAddress !== undefined && { admin: adminAddress }),
    places: placeCount,
    ...(nats.length > 0
      ? { nats: nats.map(withoutLogin), stream: natsStream }
      : { notes: notes === "memory" ? "memory" : notes.folder }),
  };
}

function fired(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}
