/** A RouteGuide server: places loaded, notes opened, then the four calls on a port. */
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { codeName, createServer, type Observer, type Server } from "@routeguide/grpc";
import { createHealth, Health } from "@routeguide/grpc/health";
import { deflate, gzip, listen, type ServerTls } from "@routeguide/grpc/node";
import { addReflection } from "@routeguide/grpc/reflection";
import type { Atlas } from "./atlas/atlas.js";
import { type LoadProgress, loadPlaces, loadShippedPlaces, PlacesError } from "./atlas/node-load.js";
import type { ListenAddress, Target } from "./config/address.js";
import type { Config } from "./config.js";
import { RouteGuide } from "./contract/gen/routeguide/route_guide_pb.js";
import { NoteBoard } from "./notes/note-board.js";
import { NoteStoreError } from "./notes/note-store.js";
import { routeGuide } from "./service/route-guide.js";
import { StartError } from "./start-error.js";
import { MemoryNoteStore } from "./stores/memory-note-store.js";

/** Where a server writes what it has to say: pino's loggers fit. */
export interface Log {
  /** Whether entries of the lowest level are wanted: each call is one. */
  isLevelEnabled(level: "debug"): boolean;
  error(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

export interface StartOptions {
  /** Default: nothing is logged. */
  readonly log?: Log;
  /** Told while places are loaded. */
  readonly onProgress?: (progress: LoadProgress) => void;
}

export interface RunningServer extends AsyncDisposable {
  /** Where it listens, with the port that was taken if a free one was asked for: HOST:PORT or unix:PATH. */
  readonly address: string;
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
 * @throws {StartError} if places cannot be loaded, notes cannot be kept, or the address cannot be listened on
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const log = options.log ?? NO_LOG;
  const [atlas, board] = await openBoth(loadAtlas(config, options), openBoard(config));
  const health = createHealth();
  const server = createServer({
    readMaxBytes: config.maxMessageBytes,
    compressions: [gzip, deflate],
    onError: (error) => log.error({ err: error }, "a handler failed"),
    ...(log.isLevelEnabled("debug") && { observer: callLog(log) }),
  }).service(
    RouteGuide,
    routeGuide(atlas, board, { onStoreError: (error) => log.error({ err: error }, "notes were not kept") }),
  );
  server.service(Health, health.handlers);
  if (config.reflection) addReflection(server);
  try {
    const listener = await open(server, config, tlsOf(config, log));
    const { address } = listener;
    health.reporter.set(RouteGuide, true);
    const stop = async (graceSeconds = config.drainSeconds, lameDuckSeconds = config.lameDuckSeconds) => {
      health.reporter.stop();
      // At least one turn, so that who watches has heard it when the port closes.
      await delay(lameDuckSeconds * 1000);
      const graceMs = graceSeconds * 1000;
      // Connections stay a little longer, so that calls that are ended by force hear of it.
      await Promise.all([server.drain(graceMs), listener.close(graceMs + LAST_WORDS_MS)]);
      await board[Symbol.asyncDispose]();
    };
    return {
      address,
      target: targetOf(address, config),
      placeCount: atlas.size,
      stop,
      [Symbol.asyncDispose]: () => stop(0, 0),
    };
  } catch (error) {
    await board[Symbol.asyncDispose]();
    throw error;
  }
}

const LAST_WORDS_MS = 500;
const NO_LOG: Log = { isLevelEnabled: () => false, error() {}, debug() {} };

/** Waits for both. If the places fail, the notes are closed again: their folder is locked while they are open. */
async function openBoth(atlas: Promise<Atlas>, board: Promise<NoteBoard>): Promise<[Atlas, NoteBoard]> {
  const [loaded, opened] = await Promise.allSettled([atlas, board]);
  if (loaded.status === "fulfilled" && opened.status === "fulfilled") return [loaded.value, opened.value];
  if (opened.status === "fulfilled") await opened.value[Symbol.asyncDispose]();
  throw loaded.status === "rejected" ? loaded.reason : (opened as PromiseRejectedResult).reason;
}

async function loadAtlas({ places }: Config, { onProgress }: StartOptions): Promise<Atlas> {
  try {
    return await (places.length === 0 ? loadShippedPlaces(onProgress) : loadPlaces(places, onProgress));
  } catch (error) {
    throw error instanceof PlacesError ? new StartError(error.message, { cause: error }) : error;
  }
}

async function openBoard(config: Config): Promise<NoteBoard> {
  const { notes, notesPerPoint, maxNotes, maxNoteBytes, maxTotalNoteBytes } = config;
  try {
    return await NoteBoard.open({
      store: await openStore(notes),
      limits: { notesPerPoint, notes: maxNotes, messageBytes: maxNoteBytes, bytes: maxTotalNoteBytes },
    });
  } catch (error) {
    throw error instanceof NoteStoreError ? new StartError(error.message, { cause: error }) : error;
  }
}

/** LevelDB is loaded only where notes are kept in a folder. */
async function openStore(notes: Config["notes"]) {
  if (notes === "memory") return new MemoryNoteStore();
  const { LevelNoteStore } = await import("./stores/level-note-store.js");
  return LevelNoteStore.open(notes.folder);
}

async function open(server: Server, config: Config, tls: ServerTls | undefined) {
  const { listen: at, engine, maxConnections, maxConcurrentStreams, stallSeconds } = config;
  const limits = { maxConnections, maxConcurrentStreams, stallMs: stallSeconds * 1000 };
  try {
    return await listen(server, everyHost(at), { engine, limits, ...(tls !== undefined && { tls }) });
  } catch (error) {
    // Whatever is wrong with an address is for the user; the runtime says it in a sentence.
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The files of the certificate; undefined: cleartext. */
function tlsOf({ tlsCert, tlsKey, tlsClientCa }: Config, log: Log): ServerTls | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new StartError("TLS takes a certificate and its key: set both tlsCert and tlsKey, or none");
  }
  return {
    certFile: tlsCert,
    keyFile: tlsKey,
    ...(tlsClientCa !== undefined && { clientCaFile: tlsClientCa }),
    onReloadError: (error) => log.error({ err: error }, "the new certificate cannot be used, the one before stays"),
  };
}

/** An address without a host is every interface: with IPv6, if this machine has any, since that takes IPv4 too. */
function everyHost(at: ListenAddress): { readonly port: number; readonly host: string } | { readonly path: string } {
  if ("path" in at) return at;
  const { port, host } = at;
  if (host !== undefined) return { port, host };
  const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family }) => family === "IPv6"),
  );
  return { port, host: hasIPv6 ? "::" : "0.0.0.0" };
}

/** A server that listens everywhere is dialled on the loopback interface. */
function targetOf(address: string, { tlsCert }: Config): Target {
  if (address.startsWith("unix:")) return `unix:${address.slice("unix:".length)}`;
  return `${tlsCert === undefined ? "http" : "https"}://${address.replace(/^(\[::\]|0\.0\.0\.0):/, "127.0.0.1:")}`;
}

/** Logs each call when it has ended. */
function callLog(log: Log): Observer {
  const startedAtMs = new WeakMap<object, number>();
  return {
    started: (call) => void startedAtMs.set(call, performance.now()),
    finished(call, error) {
      const ms = Math.round(performance.now() - (startedAtMs.get(call) ?? 0));
      log.debug({ method: call.method.name, peer: call.peer.address, status: codeName(error?.code ?? 0), ms }, "call");
    },
  };
}
