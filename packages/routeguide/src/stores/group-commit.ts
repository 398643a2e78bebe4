/**
 * Writes what comes in groups: all that comes in one turn, or while the group before is being written, is written together. So
 * the slower a disk syncs, the more each sync carries.
 */
export class GroupCommit<Operation> {
  readonly #write: (operations: Operation[]) => Promise<void>;
  #operations: Operation[] = [];
  #waiting: { resolve(): void; reject(reason: unknown): void }[] = [];
  #running: Promise<void> | undefined;

  /** @param write writes operations, all or none. Never called again before it has settled. */
  constructor(write: (operations: Operation[]) => Promise<void>) {
    this.#write = write;
  }

  /** Puts an operation into the next group, whenever there is one. */
  add(operation: Operation): void {
    this.#operations.push(operation);
  }

  /** Resolves when all that was added is written, and rejects if its group is not. These promises settle in the order of calls. */
  commit(): Promise<void> {
    const written = new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#running ??= this.#run();
    return written;
  }

  /** Resolves when nothing is being written, and what was there at this call has been tried. Never rejects: `commit()` does. */
  async flush(): Promise<void> {
    if (this.#operations.length > 0) this.commit().catch(() => {});
    await this.#running;
  }

  async #run(): Promise<void> {
    // The end of this turn: all that one poll of the network brought is one group.
    await new Promise(setImmediate);
    do {
      const operations = this.#operations;
      const waiting = this.#waiting;
      this.#operations = [];
      this.#waiting = [];
      try {
        await this.#write(operations);
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        for (const { reject } of waiting) reject(error);
      }
    } while (this.#waiting.length > 0);
    this.#running = undefined;
  }
}
