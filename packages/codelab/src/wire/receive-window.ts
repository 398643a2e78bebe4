/**
 * How much a sender may still send on a stream, as its receiver knows it. Window is given back half a window at a time, as our engine
 * does it: until then what was read is owed.
 */
export class ReceiveWindow {
  readonly #size: number;
  #credit: number;
  #owed = 0;

  constructor(size: number) {
    this.#size = size;
    this.#credit = size;
  }

  /** The sender must wait. */
  get isFull(): boolean {
    return this.#credit <= 0;
  }

  received(bytes: number): void {
    this.#credit -= bytes;
  }

  consumed(bytes: number): void {
    this.#owed += bytes;
    if (this.#owed * 2 < this.#size) return;
    this.#credit += this.#owed;
    this.#owed = 0;
  }
}
