import type { NoteBatch } from "../notes/note-batch.js";
import { type NoteStore, NoteStoreError } from "../notes/note-store.js";

/** Keeps notes no longer than the process: the board's history is all there is. Nothing is ever waited for. */
export class MemoryNoteStore implements NoteStore {
  #next = 1;
  #isClosed = false;

  async load(): Promise<void> {}

  append(notes: NoteBatch): Promise<void> | undefined {
    if (this.#isClosed) return Promise.reject(new NoteStoreError("closed", "the notes are closed"));
    notes.sequence = this.#next;
    this.#next += notes.count;
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
  }
}
