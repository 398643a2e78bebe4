/** Opens what a server serves: its places, and the notes that were kept. */
import type { Atlas } from "./atlas/atlas.js";
import { type LoadProgress, loadPlaces, loadShippedPlaces, PlacesError } from "./atlas/node-load.js";
import type { Config } from "./config.js";
import { NoteBoard } from "./notes/note-board.js";
import { NoteStoreError } from "./notes/note-store.js";
import { StartError } from "./start-error.js";
import { MemoryNoteStore } from "./stores/memory-note-store.js";

/** @throws {StartError} if a file of places cannot be read, or is none */
export async function loadAtlas({ places }: Config, onProgress?: (progress: LoadProgress) => void): Promise<Atlas> {
  try {
    return await (places.length === 0 ? loadShippedPlaces(onProgress) : loadPlaces(places, onProgress));
  } catch (error) {
    throw error instanceof PlacesError ? new StartError(error.message, { cause: error }) : error;
  }
}

/** @throws {StartError} if notes cannot be kept where the configuration says */
export async function openBoard(config: Config): Promise<NoteBoard> {
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

/** Waits for both. If the places fail, the notes are closed again: their folder is locked while they are open. */
export async function both(atlas: Promise<Atlas>, board: Promise<NoteBoard>): Promise<[Atlas, NoteBoard]> {
  const [loaded, opened] = await Promise.allSettled([atlas, board]);
  if (loaded.status === "fulfilled" && opened.status === "fulfilled") return [loaded.value, opened.value];
  if (opened.status === "fulfilled") await opened.value[Symbol.asyncDispose]();
  throw loaded.status === "rejected" ? loaded.reason : (opened as PromiseRejectedResult).reason;
}

/** LevelDB is loaded only where notes are kept in a folder. */
async function openStore(notes: Config["notes"]) {
  if (notes === "memory") return new MemoryNoteStore();
  const { LevelNoteStore } = await import("./stores/level-note-store.js");
  return LevelNoteStore.open(notes.folder);
}
