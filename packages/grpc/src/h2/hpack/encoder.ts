import type { Fields } from "../../exchange.js";
import { entryBytes } from "./dynamic-table.js";
import { EncoderTable } from "./encoder-table.js";
import { huffmanEncode, huffmanLength } from "./huffman.js";
import { writeInteger } from "./integer.js";
import { STATIC_ENTRIES, staticFieldIndex, staticNameIndex } from "./static-table.js";

/** Where a block is written to: `reserve(n)` makes room for n octets from `at` on, and may replace `bytes`. */
export interface BlockWriter {
  bytes: Uint8Array;
  at: number;
  reserve(n: number): void;
}

/** RFC 7541, section 4.2: what holds until the peer's SETTINGS say something else. Also the most that we use. */
const TABLE_BYTES = 4096;
/** RFC 7541, section 7.1.3: what identifies somebody stays out of tables, also in those of intermediaries. */
const SECRET = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);
/** An integer takes at most 6 octets; a field has three of them. */
const FIELD_OVERHEAD = 18;
/** Room for two table-size updates. */
const UPDATES_ROOM = 12;

// The first octet of a literal (RFC 7541, section 6.2), and the bits it has for the index.
const INDEXING = 0x40;
const WITHOUT_INDEXING = 0x00;
const NEVER_INDEXED = 0x10;

/**
 * Encodes fields without the dynamic table: these octets mean the same at any time on any connection. The characters of values
 * are octets; what is over 255 becomes a question mark.
 *
 * @param pseudo pseudo-header fields, which go first
 */
export function encodeConstant(fields: Fields, pseudo: Fields = []): Uint8Array {
  const all = [...pseudo, ...fields];
  let room = 0;
  for (const text of all) room += text.length + FIELD_OVERHEAD;
  const bytes = new Uint8Array(room);
  let at = 0;
  for (let i = 0; i + 1 < all.length; i += 2) {
    const name = all[i] as string;
    const value = octets(all[i + 1] as string);
    const index = SECRET.has(name) ? 0 : staticFieldIndex(name, value);
    if (index > 0) at = writeInteger(bytes, at, 0x80, 7, index);
    else at = writeLiteral(bytes, at, literalKind(name), staticNameIndex(name), name, value);
  }
  return bytes.slice(0, at);
}

/**
 * Encodes the header blocks of one connection with a dynamic table (RFC 7541). What the peer's table allows is followed, up to 4096
 * octets. A field enters the table when it is sent for the second time: what differs in every call never pushes out what repeats.
 */
export class HpackEncoder {
  readonly #table = new EncoderTable(TABLE_BYTES);
  /** What was sent lately, as hashes in slots. A wrong hit costs a place in the table, nothing else. */
  readonly #sent = new Uint32Array(64);
  /** The smallest and the last size since the last block, if that has changed: RFC 7541, section 4.2 wants both told. */
  #smallest: number | undefined = undefined;
  #last = TABLE_BYTES;

  /** Follows the peer's SETTINGS_HEADER_TABLE_SIZE from the next block on. Any value; call it when the SETTINGS are acknowledged. */
  setMaxTableBytes(bytes: number): void {
    this.#last = Math.min(bytes, TABLE_BYTES);
    this.#smallest = Math.min(this.#last, this.#smallest ?? this.#table.maxBytes);
  }

  /**
   * Writes the table-size updates that are due. A block that does not begin with `encode()` begins with this, constant blocks too:
   * a peer that has made its table smaller insists on being told.
   */
  begin(into: BlockWriter): void {
    const smallest = this.#smallest;
    if (smallest === undefined) return;
    this.#smallest = undefined;
    const before = this.#table.maxBytes;
    if (smallest === before && this.#last === before) return;
    into.reserve(UPDATES_ROOM);
    if (smallest < this.#last) into.at = writeInteger(into.bytes, into.at, 0x20, 5, smallest);
    into.at = writeInteger(into.bytes, into.at, 0x20, 5, this.#last);
    this.#table.resize(smallest);
    this.#table.resize(this.#last);
  }

  /** Appends fields to a block. A constant block may stand before or after. */
  encode(fields: Fields, into: BlockWriter): void {
    this.begin(into);
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const name = fields[i] as string;
      const value = fields[i + 1] as string;
      into.reserve(name.length + value.length + FIELD_OVERHEAD);
      into.at = this.#field(into.bytes, into.at, name, value);
    }
  }

  #field(bytes: Uint8Array, at: number, name: string, value: string): number {
    const kind = literalKind(name);
    if (kind === WITHOUT_INDEXING) {
      const entry = this.#table.fieldIndex(name, value);
      const index = entry > 0 ? entry + STATIC_ENTRIES : staticFieldIndex(name, value);
      if (index > 0) return writeInteger(bytes, at, 0x80, 7, index);
    }
    // Whatever is in the table has gone this way.
    value = octets(value);
    const entry = this.#table.nameIndex(name);
    const nameIndex = entry > 0 ? entry + STATIC_ENTRIES : staticNameIndex(name);
    if (kind === NEVER_INDEXED || !this.#repeats(name, value)) {
      return writeLiteral(bytes, at, kind, nameIndex, name, value);
    }
    this.#table.add(name, value);
    return writeLiteral(bytes, at, INDEXING, nameIndex, name, value);
  }

  /** Whether this field was sent lately and fits the table beside others. */
  #repeats(name: string, value: string): boolean {
    if (entryBytes(name, value) > this.#table.maxBytes / 2) return false;
    const hash = hashOf(value, hashOf(name, 0x811c9dc5));
    const slot = hash & (this.#sent.length - 1);
    const repeats = this.#sent[slot] === hash;
    this.#sent[slot] = hash;
    return repeats;
  }
}

function literalKind(name: string): number {
  return SECRET.has(name) ? NEVER_INDEXED : WITHOUT_INDEXING;
}

/** @param nameIndex 0: the name is spelt out */
function writeLiteral(
  bytes: Uint8Array,
  at: number,
  kind: number,
  nameIndex: number,
  name: string,
  value: string,
): number {
  at = writeInteger(bytes, at, kind, kind === INDEXING ? 6 : 4, nameIndex);
  if (nameIndex === 0) at = writeString(bytes, at, name);
  return writeString(bytes, at, value);
}

/** RFC 7541, section 5.2: Huffman code where that is shorter. */
function writeString(bytes: Uint8Array, at: number, text: string): number {
  const coded = huffmanLength(text);
  if (coded < text.length) return huffmanEncode(text, bytes, writeInteger(bytes, at, 0x80, 7, coded));
  at = writeInteger(bytes, at, 0, 7, text.length);
  for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
  return at;
}

/** A character beyond an octet would be cut to one, and could become a line end. */
function octets(value: string): string {
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 0xff) return value.replace(/[^\0-\xff]/g, "?");
  }
  return value;
}

/** FNV-1a, never 0, which marks an empty slot. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
