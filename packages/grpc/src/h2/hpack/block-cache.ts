import type { Fields } from "../../exchange.js";
import type { Malformed } from "./field-rules.js";

/** A decoded header block. Shared between calls that send the same octets: nobody changes it. */
export class DecodedBlock {
  /** Names and values by turns, pseudo-header fields too, in their order; cut if `oversize`. */
  readonly fields: Fields;
  /** The size of the whole list (RFC 9113, section 6.5.2): octets of names and values and 32 a field, also what was cut. */
  readonly listBytes: number;
  /** The list is over the decoder's limits. */
  readonly oversize: boolean;
  /** The first fault of the list, if any. */
  readonly malformed: Malformed | undefined;
  /** What the connection has made of this block, to be made only once. Undefined until the connection sets it. */
  memo: unknown = undefined;

  constructor(fields: Fields, listBytes: number, oversize: boolean, malformed: Malformed | undefined) {
    this.fields = fields;
    this.listBytes = listBytes;
    this.oversize = oversize;
    this.malformed = malformed;
  }
}

interface Slot {
  octets: Uint8Array;
  length: number;
  block: DecodedBlock;
}

const SLOTS = 8;
const MAX_OCTETS = 1024;
const MAX_LIST_BYTES = 4096;
/** Slots grow in steps, so that blocks of about one length share their memory. */
const STEP = 64;

/**
 * Whole blocks that a peer has sent, found by their octets. Most clients send the same block call after call, once their dynamic
 * table has settled. A block's meaning hangs on the table: whoever changes that clears this. Bounded by its constants.
 */
export class BlockCache {
  #slots: (Slot | undefined)[] = [];
  /** Blocks not found since the last one that was. */
  #misses = 0;

  find(bytes: Uint8Array, start: number, end: number): DecodedBlock | undefined {
    if (start === end) return undefined;
    const slot = this.#slots[slotOf(bytes, start, end)];
    if (slot === undefined || !equals(slot, bytes, start, end)) {
      this.#misses++;
      return undefined;
    }
    this.#misses = 0;
    return slot.block;
  }

  /** Keeps a block that was not found. Where blocks do not repeat, copying them is for nothing: then only every eighth. */
  keep(bytes: Uint8Array, start: number, end: number, block: DecodedBlock): void {
    const length = end - start;
    if (length === 0 || length > MAX_OCTETS || block.listBytes > MAX_LIST_BYTES) return;
    if (this.#misses > SLOTS && this.#misses % SLOTS !== 0) return;
    if (this.#slots.length === 0) this.#slots = new Array<Slot | undefined>(SLOTS).fill(undefined);
    const index = slotOf(bytes, start, end);
    let slot = this.#slots[index];
    if (slot === undefined || slot.octets.length < length) {
      slot = { octets: new Uint8Array(Math.ceil(length / STEP) * STEP), length, block };
      this.#slots[index] = slot;
    }
    const octets = slot.octets;
    for (let i = start, at = 0; i < end; i++, at++) octets[at] = bytes[i] as number;
    slot.length = length;
    slot.block = block;
  }

  clear(): void {
    if (this.#slots.length > 0) this.#slots = [];
  }
}

function equals(slot: Slot, bytes: Uint8Array, start: number, end: number): boolean {
  if (slot.length !== end - start) return false;
  const octets = slot.octets;
  for (let i = start, at = 0; i < end; i++, at++) {
    if (bytes[i] !== octets[at]) return false;
  }
  return true;
}

/** start < end */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const middle = bytes[(start + end) >> 1] as number;
  const last = bytes[end - 1] as number;
  return (middle + 3 * last + (end - start)) & (SLOTS - 1);
}
