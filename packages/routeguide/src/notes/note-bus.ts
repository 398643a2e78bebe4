import type { NoteBatch } from "./note-batch.js";

/** Takes notes that are kept. Called in the one order that all nodes share; must not throw. */
export type Deliver = (notes: NoteBatch) => void;

/**
 * Brings kept notes to every node that serves chats, in the same order to all. One node's board puts nothing into its history but
 * what the bus delivers, its own notes included: so two boards cannot disagree on the order of notes at a point.
 *
 * A batch of this node is delivered as the batch that was published, with its poster; those of others without.
 */
export interface NoteBus {
  /** Delivers every note that is published from now on, until the returned function is called. */
  join(deliver: Deliver): () => void;
  /**
   * Gives the notes of one batch to all who have joined.
   *
   * @returns nothing if they were delivered here already, else a promise that resolves when they were: whoever publishes reads
   *   its own writes
   */
  publish(notes: NoteBatch): Promise<void> | undefined;
}

/** The bus of one process: delivers at once. */
export class LocalNoteBus implements NoteBus {
  readonly #joined = new Set<Deliver>();

  join(deliver: Deliver): () => void {
    this.#joined.add(deliver);
    return () => this.#joined.delete(deliver);
  }

  publish(notes: NoteBatch): undefined {
    for (const deliver of this.#joined) deliver(notes);
  }
}
