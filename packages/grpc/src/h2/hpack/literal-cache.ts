const SLOTS = 32;
const SLOT_BYTES = 48;

/** Whether a literal is a name or a value, and Huffman code or not. What is a good value may be a bad name. */
export const Literal = { Value: 0, Huffman: 1, Name: 2 } as const;

/**
 * Strings without fault that a peer sends as literals again and again, found by their coded octets: comparing those is cheaper than
 * decoding them. Bounded: 1.5 KiB of octets and the strings they stand for, reserved with the first one kept.
 */
export class LiteralCache {
  #octets: Uint8Array | undefined;
  readonly #keys = new Uint8Array(SLOTS);
  #texts: string[] = [];
  /** Which slot of a pair the next literal takes. */
  #turn = 0;

  /** What bytes[start, end) stand for, if that is known. */
  find(bytes: Uint8Array, start: number, end: number, kind: number): string | undefined {
    const length = end - start;
    if (this.#octets === undefined || length === 0 || length > SLOT_BYTES) return undefined;
    const key = keyOf(length, kind);
    const slot = pairOf(bytes, start, end, key);
    if (this.#keys[slot] === key && this.#equals(slot, bytes, start, end)) return this.#texts[slot];
    if (this.#keys[slot + 1] === key && this.#equals(slot + 1, bytes, start, end)) return this.#texts[slot + 1];
    return undefined;
  }

  /** Keeps a literal that was not found, unless it is too long. */
  keep(bytes: Uint8Array, start: number, end: number, kind: number, text: string): void {
    const length = end - start;
    if (length === 0 || length > SLOT_BYTES) return;
    if (this.#octets === undefined) {
      this.#octets = new Uint8Array(SLOTS * SLOT_BYTES);
      this.#texts = new Array<string>(SLOTS).fill("");
    }
    const octets = this.#octets;
    const key = keyOf(length, kind);
    this.#turn ^= 1;
    const slot = pairOf(bytes, start, end, key) + this.#turn;
    for (let i = start, at = slot * SLOT_BYTES; i < end; i++, at++) octets[at] = bytes[i] as number;
    this.#keys[slot] = key;
    this.#texts[slot] = text;
  }

  #equals(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    const octets = this.#octets as Uint8Array;
    for (let i = start, at = slot * SLOT_BYTES; i < end; i++, at++) {
      if (octets[at] !== bytes[i]) return false;
    }
    return true;
  }
}

/** Fits an octet, and is never 0, which marks an empty slot. */
function keyOf(length: number, kind: number): number {
  return 4 * length + kind;
}

/** The first of the two slots where this literal may be. start < end */
function pairOf(bytes: Uint8Array, start: number, end: number, key: number): number {
  const first = bytes[start] as number;
  const middle = bytes[(start + end) >> 1] as number;
  const last = bytes[end - 1] as number;
  return (first + 3 * middle + 7 * last + key) & (SLOTS - 2);
}
