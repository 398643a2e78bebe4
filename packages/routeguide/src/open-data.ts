/** Opens what a server serves: its places, and the notes that were kept. */
import type { Atlas } from "./atlas/atlas.js";
import { type LoadProgress, loadPlaces, loadShippedPlaces, PlacesError } from "./atlas/node-load.js";
import type { Config } from "./config.js";
import { NoteBoard } from "./notes/note-board.js";
import { type NoteLimits, noteLimits } from "./notes/note-limits.js";
import { NoteStoreError } from "./notes/note-store.js";
import type { Log } from "./service/log.js";
import { StartError } from "./start-error.js";
import type { JetStreamNotes, NatsState, StreamStanding } from "./stores/jetstream-notes.js";
import { MemoryNoteStore } from "./stores/memory-note-store.js";

/** @throws {StartError} if a file of places cannot be read, or is none */
export async function loadAtlas({ places }: Config, onProgress?: (progress: LoadProgress) => void): Promise<Atlas> {
  try {
    return await (places.length === 0 ? loadShippedPlaces(onProgress) : loadPlaces(places, onProgress));
  } catch (error) {
    throw error instanceof PlacesError ? new StartError(error.message, { cause: error }) : error;
  }
}

/** Told when NATS takes no notes any more, and when it does again, if notes are kept in it. */
export interface NatsWatcher {
  onNats(state: NatsState): void;
}

export interface OpenedNotes {
  readonly board: NoteBoard;
  /** How this server stands to NATS, if notes are kept in it. */
  readonly standing?: () => Promise<StreamStanding>;
}

/**
 * Opens the notes; the log has a warning if some are damaged.
 *
 * @throws {StartError} if notes cannot be kept where the configuration says
 */
export async function openNotes(config: Config, watcher: NatsWatcher, log: Log): Promise<OpenedNotes> {
  const { notes, notesPerPoint, maxNotes, maxNoteBytes, maxTotalNoteBytes } = config;
  const limits = noteLimits({ notesPerPoint, notes: maxNotes, messageBytes: maxNoteBytes, bytes: maxTotalNoteBytes });
  try {
    if (config.nats.length === 0)
      return { board: await NoteBoard.open({ store: await openStore(notes, log), limits }) };
    const shared = await openShared(config, limits, watcher);
    return { board: await NoteBoard.open({ store: shared, bus: shared, limits }), standing: () => shared.standing() };
  } catch (error) {
    throw error instanceof NoteStoreError ? new StartError(error.message, { cause: error }) : error;
  }
}

/** Waits for both. If the places fail, the notes are closed again: their folder is locked while they are open. */
export async function both(atlas: Promise<Atlas>, notes: Promise<OpenedNotes>): Promise<[Atlas, OpenedNotes]> {
  const [loaded, opened] = await Promise.allSettled([atlas, notes]);
  if (loaded.status === "fulfilled" && opened.status === "fulfilled") return [loaded.value, opened.value];
  if (opened.status === "fulfilled") await opened.value.board[Symbol.asyncDispose]();
  throw loaded.status === "rejected" ? loaded.reason : (opened as PromiseRejectedResult).reason;
}

/** LevelDB is loaded only where notes are kept in a folder. */
async function openStore(notes: Config["notes"], log: Log) {
  if (notes === "memory") return new MemoryNoteStore();
  const { LevelNoteStore } = await import("./stores/level-note-store.js");
  const { folder } = notes;
  const store = await LevelNoteStore.open(folder);
  const { damagedBytes } = store;
  if (damagedBytes > 0) log.warn({ folder, damagedBytes }, "the folder of notes is damaged: the notes there are lost");
  return store;
}

/** The client of NATS is loaded only where notes are kept there. */
async function openShared(config: Config, limits: NoteLimits, watcher: NatsWatcher): Promise<JetStreamNotes> {
  const { nats, natsStream, natsReplicas, natsTimeoutSeconds, natsCreds, natsCa } = config;
  const { JetStreamNotes } = await import("./stores/jetstream-notes.js");
  return JetStreamNotes.open({
    servers: nats,
    credsFile: natsCreds,
    caFile: natsCa,
    stream: { name: natsStream, replicas: natsReplicas, limits },
    patienceMs: natsTimeoutSeconds * 1000,
    onNats: watcher.onNats,
  });
}
