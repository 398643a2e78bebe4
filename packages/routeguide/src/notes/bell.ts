/** What one loop waits for and another rings. A ring without anybody waiting is not kept: look before you wait. */
export class Bell {
  #rung: Promise<void> | undefined;
  #ring: (() => void) | undefined;

  /** Resolves at the next ring. */
  wait(): Promise<void> {
    this.#rung ??= new Promise((resolve) => {
      this.#ring = resolve;
    });
    return this.#rung;
  }

  ring(): void {
    const ring = this.#ring;
    if (ring === undefined) return;
    this.#ring = undefined;
    this.#rung = undefined;
    ring();
  }
}
