import type { Fields } from "../../exchange.js";
import { BlockCache, DecodedBlock } from "./block-cache.js";
import { commonName } from "./common-names.js";
import { DynamicTable, entryBytes } from "./dynamic-table.js";
import { type Malformed, nameFault, valueFault } from "./field-rules.js";
import { huffmanDecode, huffmanRoom } from "./huffman.js";
import { IntegerReader, OVERFLOW } from "./integer.js";
import { latin1 } from "./latin1.js";
import { Literal, LiteralCache } from "./literal-cache.js";
import { STATIC_ENTRIES, STATIC_FIELDS } from "./static-table.js";

/** Why a block cannot be decoded: a connection error of type COMPRESSION_ERROR. */
export type HpackError = "hpack_truncated" | "hpack_integer" | "hpack_index" | "hpack_huffman" | "hpack_table_size";

const NOTHING = new DecodedBlock([], 0, false, undefined);
/** RFC 7541, section 4.2: the smallest size in between, then the last. */
const MAX_SIZE_UPDATES = 2;
/** Where Huffman code is decoded to before it becomes a string; shared, as nothing keeps it. */
let scratch = new Uint8Array(1024);

/** Decodes the header blocks of one connection (RFC 7541), in the order in which they came. */
export class HpackDecoder {
  /** What was wrong with the last block, if it could not be decoded. The table is out of step then, for good. */
  error: HpackError | undefined = undefined;
  /** The last block. */
  block: DecodedBlock = NOTHING;
  readonly #maxTableBytes: number;
  readonly #maxListBytes: number;
  readonly #maxFields: number;
  readonly #table: DynamicTable;
  readonly #blocks = new BlockCache();
  readonly #literals = new LiteralCache();
  readonly #integers = new IntegerReader();
  // The field that was read last.
  #name = "";
  #value = "";
  #fault: Malformed | undefined = undefined;

  /**
   * @param maxTableBytes what our SETTINGS_HEADER_TABLE_SIZE says
   * @param limits of a list, in octets of names and values plus 32 a field, and in fields; the rest is decoded but not kept
   */
  constructor(maxTableBytes: number, limits: { readonly maxListBytes: number; readonly maxFields: number }) {
    this.#maxTableBytes = maxTableBytes;
    this.#maxListBytes = limits.maxListBytes;
    this.#maxFields = limits.maxFields;
    this.#table = new DynamicTable(maxTableBytes);
  }

  get oversize(): boolean {
    return this.block.oversize;
  }

  get listBytes(): number {
    return this.block.listBytes;
  }

  get malformed(): Malformed | undefined {
    return this.block.malformed;
  }

  /**
   * Decodes bytes[start, end), one whole header block.
   *
   * @returns names and values by turns, pseudo-header fields too; undefined if there is an `error`
   */
  decode(bytes: Uint8Array, start: number, end: number): Fields | undefined {
    const known = this.#blocks.find(bytes, start, end);
    if (known !== undefined) {
      this.error = undefined;
      this.block = known;
      return known.fields;
    }
    this.block = NOTHING;
    this.error = undefined;
    this.#integers.at = start;
    this.#sizeUpdates(bytes, end);
    if (this.error !== undefined) return undefined;
    const changedByUpdates = this.#integers.at > start;
    const fields: string[] = [];
    let listBytes = 0;
    let oversize = false;
    let malformed: Malformed | undefined;
    let regular = false;
    let inserted = false;
    while (this.#integers.at < end) {
      // In bounds: at < end.
      const first = bytes[this.#integers.at] as number;
      if (first >= 0x80) this.#indexed(bytes, end);
      else this.#literal(bytes, end, first);
      if (this.error !== undefined) return undefined;
      if ((first & 0xc0) === 0x40) {
        inserted = true;
        this.#table.add(this.#name, this.#value, this.#fault);
      }
      malformed ??= this.#fault;
      if (this.#name.charCodeAt(0) !== 0x3a) regular = true;
      else if (regular) malformed ??= "pseudo_after_regular";
      listBytes += entryBytes(this.#name, this.#value);
      oversize ||= listBytes > this.#maxListBytes || fields.length >= 2 * this.#maxFields;
      if (!oversize) fields.push(this.#name, this.#value);
    }
    this.block = new DecodedBlock(fields, listBytes, oversize, malformed);
    if (inserted || changedByUpdates) this.#blocks.clear();
    else this.#blocks.keep(bytes, start, end, this.block);
    return fields;
  }

  /** RFC 7541, section 6.3: only in front of a block's fields. */
  #sizeUpdates(bytes: Uint8Array, end: number): void {
    for (let updates = 0; this.#integers.at < end; updates++) {
      if (((bytes[this.#integers.at] as number) & 0xe0) !== 0x20) return;
      const size = this.#integer(bytes, end, 5);
      if (size < 0) return;
      if (size > this.#maxTableBytes || updates >= MAX_SIZE_UPDATES) {
        this.#fail("hpack_table_size");
        return;
      }
      this.#table.resize(size);
    }
  }

  /** RFC 7541, section 6.1. */
  #indexed(bytes: Uint8Array, end: number): void {
    const index = this.#integer(bytes, end, 7);
    if (index < 0) return;
    const entry = index - STATIC_ENTRIES;
    if (index === 0 || entry > this.#table.length) {
      this.#fail("hpack_index");
    } else if (entry > 0) {
      this.#name = this.#table.name(entry);
      this.#value = this.#table.value(entry);
      this.#fault = this.#table.fault(entry);
    } else {
      this.#name = STATIC_FIELDS[2 * index - 2] as string;
      this.#value = STATIC_FIELDS[2 * index - 1] as string;
      this.#fault = undefined;
    }
  }

  /** RFC 7541, section 6.2: with incremental indexing, without, and never indexed. */
  #literal(bytes: Uint8Array, end: number, first: number): void {
    if ((first & 0xe0) === 0x20) {
      this.#fail("hpack_table_size");
      return;
    }
    const index = this.#integer(bytes, end, first >= 0x40 ? 6 : 4);
    if (index < 0) return;
    const entry = index - STATIC_ENTRIES;
    if (entry > this.#table.length) {
      this.#fail("hpack_index");
      return;
    }
    let name: string | undefined;
    this.#fault = undefined;
    if (index === 0) {
      name = this.#string(bytes, end, Literal.Name, true);
    } else if (entry > 0) {
      name = this.#table.name(entry);
      this.#fault = this.#table.nameFault(entry);
    } else {
      name = STATIC_FIELDS[2 * index - 2];
    }
    if (name === undefined) return;
    // What is never to be indexed is secret: it is not kept here either.
    const value = this.#string(bytes, end, Literal.Value, (first & 0xf0) !== 0x10);
    if (value === undefined) return;
    this.#name = name;
    this.#value = value;
  }

  /** RFC 7541, section 5.2. Undefined: an `error`. */
  #string(bytes: Uint8Array, end: number, kind: number, mayKeep: boolean): string | undefined {
    const huffman = this.#integers.at < end && (bytes[this.#integers.at] as number) >= 0x80;
    if (huffman) kind += Literal.Huffman;
    const length = this.#integer(bytes, end, 7);
    if (length < 0) return undefined;
    const start = this.#integers.at;
    const stop = start + length;
    if (stop > end) {
      this.#fail("hpack_truncated");
      return undefined;
    }
    this.#integers.at = stop;
    const known = this.#literals.find(bytes, start, stop, kind);
    if (known !== undefined) return known;
    let octets = bytes;
    let from = start;
    let to = stop;
    if (huffman) {
      octets = roomFor(huffmanRoom(length));
      from = 0;
      to = huffmanDecode(bytes, start, stop, octets);
      if (to < 0) {
        this.#fail("hpack_huffman");
        return undefined;
      }
    }
    const isName = kind >= Literal.Name;
    const fault = isName ? nameFault(octets, from, to) : valueFault(octets, from, to);
    const text = isName ? commonName(latin1(octets, from, to)) : latin1(octets, from, to);
    this.#fault ??= fault;
    if (mayKeep && fault === undefined) this.#literals.keep(bytes, start, stop, kind, text);
    return text;
  }

  /** Negative: an `error`. */
  #integer(bytes: Uint8Array, end: number, prefixBits: number): number {
    const value = this.#integers.read(bytes, end, prefixBits);
    if (value < 0) this.#fail(value === OVERFLOW ? "hpack_integer" : "hpack_truncated");
    return value;
  }

  #fail(error: HpackError): void {
    this.error = error;
  }
}

function roomFor(octets: number): Uint8Array {
  if (octets > scratch.length) scratch = new Uint8Array(octets);
  return scratch;
}
