/** A stream of requests that is written by hand, one at a time. */
export class Outbox<T> implements AsyncIterable<T> {
  #give: ((result: IteratorResult<T, undefined>) => void) | undefined;
  readonly #early: (T | undefined)[] = [];

  /** Sends; undefined ends the stream. */
  put(item: T | undefined): void {
    const give = this.#give;
    this.#give = undefined;
    if (give === undefined) this.#early.push(item);
    else give(resultOf(item));
  }

  /** Not an async generator: that makes four promises for each item, this makes one. Connect refuses an iterator without `throw`. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#next(), throw: (error) => Promise.reject(error) };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    if (this.#early.length > 0) return Promise.resolve(resultOf(this.#early.shift()));
    return new Promise((give) => {
      this.#give = give;
    });
  }
}

function resultOf<T>(item: T | undefined): IteratorResult<T, undefined> {
  return item === undefined ? { done: true, value: undefined } : { done: false, value: item };
}
