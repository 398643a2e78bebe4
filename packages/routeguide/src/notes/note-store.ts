import type { NoteBatch } from "./note-batch.js";

/**
 * Where notes are kept. A note is sent to anybody only once its store has it.
 *
 * Sequence numbers are given in the order of `append()`, grow, and are never used again, not even after a restart.
 */
export interface NoteStore extends AsyncDisposable {
  /**
   * Hands over every note that is kept, in the order of their numbers. Before the first `append()`.
   *
   * @throws {NoteStoreError} if they cannot be read
   */
  load(each: (notes: NoteBatch) => void): Promise<void>;
  /**
   * Numbers the notes of a batch and keeps all or none. The batch must not change until then.
   *
   * @returns nothing if they are kept already, else a promise that resolves when they are; promises resolve in order of their calls
   * @throws {NoteStoreError} as a rejection: none of them is kept. If the process dies before it has written anything else, some
   *   may be found after a restart; and where other machines keep them, all may, if nothing but their answer was lost.
   */
  append(notes: NoteBatch): Promise<void> | undefined;
  /** The note with this number has left the history: it may be deleted with what is written next. Absent: nothing needs to be. */
  forget?(sequence: number): void;
}

export type NoteStoreFault =
  /** There is no space left. */
  | "full"
  /** Writing or reading failed; it may work later. */
  | "failed"
  /** Somebody else has the store open. */
  | "locked"
  /** It has been closed. */
  | "closed";

/** Why notes are not kept. The cause is whatever the store's library said. */
export class NoteStoreError extends Error {
  override readonly name = "NoteStoreError";
  readonly fault: NoteStoreFault;

  constructor(fault: NoteStoreFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}
