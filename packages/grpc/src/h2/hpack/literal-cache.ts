const SLOTS = 32;
const SLOT_BYTES = 48;

/**
 * Strings that a peer sends as literals again and again, found by their coded octets: comparing those is cheaper than decoding
 * them. Bounded: 1.5 KiB of octets and the strings they stand for, reserved with the first one kept.
 */
export class LiteralCache {
  #octets: Uint8Array | undefined;
  readonly #lengths = new Uint8Array(SLOTS);
  #texts: string[] = [];

  /** What bytes[start, end) stand for, if that is known. */
  find(bytes: Uint8Array, start: number, end: number, huffman: boolean): string | undefined {
    const length = end - start;
    const octets = this.#octets;
    if (octets === undefined || length === 0 || length > SLOT_BYTES) return undefined;
    const slot = slotOf(bytes, start, end, huffman);
    if (this.#lengths[slot] !== key(length, huffman)) return undefined;
    for (let i = 0, at = slot * SLOT_BYTES; i < length; i++) {
      if (octets[at + i] !== bytes[start + i]) return undefined;
    }
    return this.#texts[slot];
  }

  keep(bytes: Uint8Array, start: number, end: number, huffman: boolean, text: string): void {
    const length = end - start;
    if (length === 0 || length > SLOT_BYTES) return;
    if (this.#octets === undefined) {
      this.#octets = new Uint8Array(SLOTS * SLOT_BYTES);
      this.#texts = new Array<string>(SLOTS).fill("");
    }
    const slot = slotOf(bytes, start, end, huffman);
    for (let i = 0, at = slot * SLOT_BYTES; i < length; i++) this.#octets[at + i] = bytes[start + i] as number;
    this.#lengths[slot] = key(length, huffman);
    this.#texts[slot] = text;
  }
}

/** Never 0, which marks an empty slot. */
function key(length: number, huffman: boolean): number {
  return 2 * length + (huffman ? 1 : 0);
}

/** start < end */
function slotOf(bytes: Uint8Array, start: number, end: number, huffman: boolean): number {
  const first = bytes[start] as number;
  const middle = bytes[(start + end) >> 1] as number;
  const last = bytes[end - 1] as number;
  return (first + 3 * middle + 7 * last + key(end - start, huffman)) & (SLOTS - 1);
}
