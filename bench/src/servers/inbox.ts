/** What several writers add and one reader takes, one by one: the queue that a chat needs on a library with async iterables. */
export class Inbox<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  add(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    let at = 0;
    for (;;) {
      for (; at < this.#items.length; at++) yield this.#items[at] as T;
      this.#items.length = 0;
      at = 0;
      if (this.#ended) return;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}
