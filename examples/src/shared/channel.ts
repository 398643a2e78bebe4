/** A queue with a sender on one side and a loop on the other: what is sent comes out in order, and `close()` ends the loop. */
export class Channel<T> implements AsyncIterable<T> {
  readonly #ready: T[] = [];
  #isClosed = false;
  #wake: () => void = () => {};

  send(message: T): void {
    this.#ready.push(message);
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let next = this.#ready.shift(); next !== undefined; next = this.#ready.shift()) yield next;
      if (this.#isClosed) return;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}
