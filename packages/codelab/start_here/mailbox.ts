/** Given: a queue that can be waited for. Nothing to change here. */

/**
 * Letters that wait for a reader who does not take them: a slow reader must
 * not fill the server's memory.
 */
const MAX_WAITING = 10_000;

/**
 * Whoever has a letter puts it in; one reader takes the letters out with
 * `for await`, and waits while there are none.
 */
export class Mailbox<T> implements AsyncIterable<T> {
  #letters: T[] = [];
  #isClosed = false;
  #failure: unknown;
  #wake: () => void = () => {};

  /**
   * Adds a letter. When too many wait, the oldest is lost; after the end, the
   * new one.
   */
  put(letter: T): void {
    if (this.#isClosed) return;
    if (this.#letters.length === MAX_WAITING) this.#letters.shift();
    this.#letters.push(letter);
    this.#wake();
  }

  /**
   * No letter will follow. The reader takes what is left, and then its loop
   * ends; with a reason, it throws that.
   */
  close(reason?: unknown): void {
    this.#isClosed = true;
    this.#failure ??= reason;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const letters = this.#letters;
      this.#letters = [];
      yield* letters;
      if (this.#letters.length > 0) continue;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isClosed) return;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}
