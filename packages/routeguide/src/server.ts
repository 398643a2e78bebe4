/** A RouteGuide server: places loaded, notes opened, then the four calls on a port, with what probes and tools ask for. */
import { setTimeout as delay } from "node:timers/promises";
import { type Call, createServer, type Observer, type Server } from "@routeguide/grpc";
import { createHealth, Health } from "@routeguide/grpc/health";
import { compressions, type Listening } from "@routeguide/grpc/node";
import { addReflection } from "@routeguide/grpc/reflection";
import type { Atlas } from "./atlas/atlas.js";
import type { LoadProgress } from "./atlas/node-load.js";
import type { Target } from "./config/address.js";
import { LOG_LEVELS } from "./config/settings.js";
import type { Config } from "./config.js";
import { RouteGuide } from "./contract/gen/routeguide/route_guide_pb.js";
import { LiveMap } from "./contract/gen/routeguide/v1/map_pb.js";
import type { AdminPort } from "./http/admin-port.js";
import { Gate } from "./http/gate.js";
import { Page } from "./http/page.js";
import { both, loadAtlas, type OpenedNotes, openNotes } from "./open-data.js";
import { everyHost, openPorts, targetOf } from "./open-ports.js";
import { Readiness } from "./readiness.js";
import { callLogs, traceFields } from "./service/call-logs.js";
import { liveMap } from "./service/live-map.js";
import { type Log, NO_LOG } from "./service/log.js";
import { routeGuide } from "./service/route-guide.js";

export type { Log } from "./service/log.js";

/** What a server tells while it runs, and whose place it takes. */
export interface StartOptions {
  /** Default: nothing is logged. */
  readonly log?: Log;
  /** Told while places are loaded. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Whose place this server takes. Default: nobody's. */
  readonly predecessor?: Predecessor;
}

/** A server whose place another takes, on the same address and with the same notes, without refusing a connection. */
export interface Predecessor {
  /** Called when the successor takes connections; their calls wait. */
  succeeded(): void;
  /** Resolves when the predecessor has closed its notes. */
  readonly gone: Promise<void>;
}

/** A server that answers. Disposing of it stops it at once. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens, with the port that was taken if a free one was asked for: HOST:PORT or unix:PATH. */
  readonly address: string;
  /** Where else: the Unix socket and the admin port, if there are any. */
  readonly udsAddress: string | undefined;
  readonly adminAddress: string | undefined;
  /** Where a browser on this machine finds the map, if there is one. */
  readonly mapUrl: string | undefined;
  /** What a client on this machine dials. */
  readonly target: Target;
  readonly placeCount: number;
  /**
   * Tells probes that it serves no more, then takes no more calls, lets those that run end, and closes. Disposing of the server
   * does so without letting them.
   *
   * @param graceSeconds how long calls may still run. Default: the configuration's drainSeconds
   * @param lameDuckSeconds how long calls are still taken after probes were told. Default: the configuration's
   */
  stop(graceSeconds?: number, lameDuckSeconds?: number): Promise<void>;
}

/**
 * Starts a server, which answers from the moment that this resolves.
 *
 * @throws {StartError} if places cannot be loaded, notes cannot be kept, or an address cannot be listened on
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const log = options.log ?? NO_LOG;
  const admin = await openAdmin(config, log);
  try {
    const health = createHealth();
    const page = config.map ? await Page.open(config.places.length === 0) : undefined;
    const readiness = new Readiness(log, admin);
    const parts: Parts = { config, log, health, readiness, observers: observersOf(config, log, admin), page };
    const opened = await (options.predecessor === undefined
      ? open(parts, options)
      : takeOver(parts, options, options.predecessor));
    health.reporter.set(RouteGuide, true);
    health.reporter.set(LiveMap, true);
    const { atlas, notes } = opened;
    admin?.measure(() => ({ places: atlas.size, notes: notes.board.size }));
    if (notes.standing !== undefined) admin?.measureStream(notes.standing);
    readiness.takesCalls(true);
    return running(parts, opened, admin);
  } catch (error) {
    await admin?.close();
    throw error;
  }
}

/** What a server is made of before its data are open. */
interface Parts {
  readonly config: Config;
  readonly log: Log;
  readonly health: ReturnType<typeof createHealth>;
  readonly readiness: Readiness;
  readonly observers: readonly Observer[];
  readonly page: Page | undefined;
}

interface Opened {
  readonly atlas: Atlas;
  readonly notes: OpenedNotes;
  readonly server: Server;
  readonly ports: readonly Listening[];
}

/** After a forced end of calls, connections stay for so long: the callers are to hear of it. */
const LAST_WORDS_MS = 500;
/** For so long calls are still taken that left their callers before these knew that the server stops. */
const ON_THEIR_WAY_MS = 1000;

/** Opens the port last: whoever can connect is answered. */
async function open(parts: Parts, { onProgress }: StartOptions): Promise<Opened> {
  const { config, log, readiness } = parts;
  const [atlas, notes] = await both(loadAtlas(config, onProgress), openNotes(config, readiness, log));
  const server = serverOf(parts, atlas, notes);
  try {
    return { atlas, notes, server, ports: await openPorts(server, config, log) };
  } catch (error) {
    await notes.board[Symbol.asyncDispose]();
    throw error;
  }
}

/** Opens the port first, so that it is never closed, and the notes when the predecessor has let them go. */
async function takeOver(parts: Parts, { onProgress }: StartOptions, predecessor: Predecessor): Promise<Opened> {
  const { config, log, readiness } = parts;
  const atlas = await loadAtlas(config, onProgress);
  const gate = new Gate();
  const ports = await openPorts(gate, config, log);
  try {
    predecessor.succeeded();
    await predecessor.gone;
    const notes = await openNotes(config, readiness, log);
    const server = serverOf(parts, atlas, notes);
    gate.open(server.accept);
    return { atlas, notes, server, ports };
  } catch (error) {
    await Promise.all(ports.map((port) => port.close(0)));
    throw error;
  }
}

function serverOf({ page, config, log, health, observers }: Parts, atlas: Atlas, { board }: OpenedNotes): Server {
  const onStoreError = (error: unknown) => log.error({ err: error }, "notes were not kept");
  const server = createServer({
    readMaxBytes: config.maxMessageBytes,
    compressions,
    onError: (error, call) => log.error({ err: error, ...callFields(call) }, "a handler failed"),
    observer: observers,
    ...(config.allowOrigin.length > 0 && { cors: { origins: config.allowOrigin } }),
    ...(page !== undefined && { fallback: page.answer }),
  });
  server
    .service(RouteGuide, routeGuide(atlas, board, { onStoreError }))
    .service(LiveMap, liveMap(atlas, board))
    .service(Health, health.handlers);
  if (config.reflection) addReflection(server);
  return server;
}

function running(
  { config, health, readiness, page }: Parts,
  { atlas, notes, server, ports }: Opened,
  admin: AdminPort | undefined,
): RunningServer {
  const [port, uds] = ports;
  const address = port?.address ?? "";
  const target = targetOf(address, config);
  const stop = async (graceSeconds = config.drainSeconds, lameDuckSeconds = config.lameDuckSeconds) => {
    readiness.takesCalls(false);
    health.reporter.stop();
    // At least one turn, so that who watches has heard it when the port closes.
    await delay(lameDuckSeconds * 1000);
    notes.board.stopWatching();
    const graceMs = graceSeconds * 1000;
    const closed = Promise.all(ports.map((port) => port.close(graceMs + LAST_WORDS_MS)));
    const takenMs = Math.min(graceMs, ON_THEIR_WAY_MS);
    await Promise.race([closed, delay(takenMs, undefined, { ref: false })]);
    await Promise.all([server.drain(graceMs - takenMs), closed]);
    await notes.board[Symbol.asyncDispose]();
    await admin?.close();
  };
  return {
    address,
    udsAddress: uds?.address,
    adminAddress: admin?.address,
    mapUrl: page !== undefined && !target.startsWith("unix:") ? `${target}/` : undefined,
    target,
    placeCount: atlas.size,
    stop,
    [Symbol.asyncDispose]: () => stop(0, 0),
  };
}

/** prom-client is loaded only where there is an admin port. */
async function openAdmin({ admin }: Config, log: Log): Promise<AdminPort | undefined> {
  if (admin === undefined) return undefined;
  const { openAdminPort } = await import("./http/admin-port.js");
  return openAdminPort({ at: everyHost(admin), log, logLevels: LOG_LEVELS });
}

/** None unless somebody wants to know: each costs every call. */
function observersOf(config: Config, log: Log, admin: AdminPort | undefined): Observer[] {
  const observers = admin === undefined ? [] : [admin.observer];
  const wantsCalls = config.accessLog || config.slowCallMs > 0 || log.isLevelEnabled("debug");
  // Over the admin port the level may become debug at any time.
  return wantsCalls || admin !== undefined ? [...observers, ...callLogs(log, config)] : observers;
}

const callFields = (call: Call | undefined) =>
  call === undefined ? {} : { method: `${call.service.typeName}/${call.method.name}`, ...traceFields(call) };
