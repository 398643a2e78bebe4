import type { Fields, HeaderBlock } from "../exchange.js";
import { viewOf } from "./copy-bytes.js";
import { type BlockWriter, encodeConstant, HpackEncoder } from "./hpack/encoder.js";

/**
 * Encodes the blocks that one connection sends. A block that is sent for the second time is taken for constant: its
 * octets are kept in it, and touch no table, so that every connection can use them. The first time it goes through the
 * connection's table.
 */
export class BlockEncoder {
  readonly #hpack = new HpackEncoder();
  readonly #scratch = new Octets(new Uint8Array(256), 0);

  /** Follows the peer's SETTINGS_HEADER_TABLE_SIZE. */
  setMaxTableBytes(bytes: number): void {
    this.#hpack.setMaxTableBytes(bytes);
  }

  /** The octets of a block with its pseudo-header fields, good until the next call. */
  encode(block: HeaderBlock, pseudo: Fields): Octets {
    const scratch = this.#scratch;
    scratch.at = 0;
    this.#hpack.begin(scratch);
    const before = block.encoded;
    if (!(before instanceof EncodedBlock) || !same(before.pseudo, pseudo)) {
      block.encoded = new EncodedBlock(pseudo);
      this.#hpack.encode(pseudo, scratch);
      this.#hpack.encode(block.fields, scratch);
      return scratch;
    }
    before.octets ??= octetsOf(encodeConstant(block.fields, pseudo));
    if (scratch.at === 0) return before.octets;
    const { bytes } = before.octets;
    scratch.reserve(bytes.length);
    scratch.bytes.set(bytes, scratch.at);
    scratch.at += bytes.length;
    return scratch;
  }
}

/** What was written of a header block: bytes[0, at). */
export class Octets implements BlockWriter {
  bytes: Uint8Array;
  /** Of all of `bytes`. */
  view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.at = at;
  }

  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const grown = new Uint8Array(2 * (this.at + more));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = viewOf(grown);
  }
}

const octetsOf = (bytes: Uint8Array) => new Octets(bytes, bytes.length);

/**
 * What {@link HeaderBlock.encoded} holds: that the block was sent with these fields, and from the second time on its
 * octets.
 */
class EncodedBlock {
  readonly pseudo: Fields;
  octets: Octets | undefined = undefined;

  constructor(pseudo: Fields) {
    this.pseudo = pseudo;
  }
}

function same(a: Fields, b: Fields): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
