/** Finds the messages in one direction of a stream: each has a byte that says whether it is compressed, and its length. */

const PREFIX_BYTES = 5;

export class MessageSplitter {
  #kept: Uint8Array = new Uint8Array(0);

  /** Takes bytes[start, end), and calls back with each message that is whole now. */
  add(bytes: Uint8Array, start: number, end: number, onMessage: (message: Uint8Array) => void): void {
    const all = new Uint8Array(this.#kept.length + end - start);
    all.set(this.#kept);
    all.set(bytes.subarray(start, end), this.#kept.length);
    const view = new DataView(all.buffer);
    let at = 0;
    while (all.length - at >= PREFIX_BYTES) {
      const next = at + PREFIX_BYTES + view.getUint32(at + 1);
      if (next > all.length) break;
      onMessage(all.subarray(at + PREFIX_BYTES, next));
      at = next;
    }
    this.#kept = all.slice(at);
  }
}
