const ENDED = 32;
const RESET = 1024;

/** What is remembered of streams that are gone: frames that were on their way when we reset them are no offence. */
export class ClosedStreams {
  /** The last streams that both sides ended, or the peer reset; a ring, as one is written for every call. */
  readonly #ended = new Int32Array(ENDED);
  #next = 0;
  /** The last streams that we reset, oldest first. */
  readonly #reset = new Set<number>();

  ended(stream: number): void {
    this.#ended[this.#next] = stream;
    this.#next = (this.#next + 1) % ENDED;
  }

  reset(stream: number): void {
    this.#reset.add(stream);
    if (this.#reset.size <= RESET) return;
    for (const oldest of this.#reset) {
      this.#reset.delete(oldest);
      return;
    }
  }

  /** The peer has reset it too: nothing of it can be on its way any more. */
  resetByPeer(stream: number): void {
    if (this.#reset.delete(stream)) this.ended(stream);
  }

  wasReset(stream: number): boolean {
    return this.#reset.has(stream);
  }

  /** Of the last ones only; false says nothing of older ones. */
  hasEnded(stream: number): boolean {
    return this.#ended.includes(stream);
  }
}
