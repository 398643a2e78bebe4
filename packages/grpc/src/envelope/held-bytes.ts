/**
 * What the calls of a server hold together of messages that cannot be read yet: they have not come whole, or wait to be inflated.
 * Each message is bounded by itself, but calls can be opened by the thousand, and each may stop short of its end.
 */
export class HeldBytes {
  readonly maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Returns false if they would be too many: then nothing is taken. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/** What a message that has come in part may take without being counted: small calls go on while others fill the rest. */
export const FREE_PART_BYTES = 16_384;
