/** A stream of requests that is written by hand, one at a time. */
export class Outbox<T> implements AsyncIterable<T> {
  #give: ((item: T | undefined) => void) | undefined;
  readonly #early: (T | undefined)[] = [];

  /** Sends; undefined ends the stream. */
  put(item: T | undefined): void {
    const give = this.#give;
    this.#give = undefined;
    if (give === undefined) this.#early.push(item);
    else give(item);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const next =
        this.#early.length > 0
          ? this.#early.shift()
          : await new Promise<T | undefined>((give) => {
              this.#give = give;
            });
      if (next === undefined) return;
      yield next;
    }
  }
}
