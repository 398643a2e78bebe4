import type { Malformed } from "./field-rules.js";

/** What RFC 7541, section 4.1 adds to the octets of each entry, and RFC 9113, section 6.5.2 to those of each field of a list. */
const ENTRY_OVERHEAD = 32;

/** How many evicted entries stay in the arrays before these are cut. */
const SLACK = 64;

/** The decoder's dynamic table (RFC 7541, section 2.3.2). Entry 1 is the newest. */
export class DynamicTable {
  /** Names and values by turns, oldest first; those before `#first` are evicted. */
  #fields: string[] = [];
  #faults: (Malformed | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#faults.length - this.#first;
  }

  /** 1 <= index <= length for these four. */
  name(index: number): string {
    return this.#fields[2 * (this.#faults.length - index)] as string;
  }

  value(index: number): string {
    return this.#fields[2 * (this.#faults.length - index) + 1] as string;
  }

  fault(index: number): Malformed | undefined {
    return this.#faults[this.#faults.length - index];
  }

  /** What is wrong with the name alone. A name's fault comes before its value's, so one is enough to keep. */
  nameFault(index: number): Malformed | undefined {
    const fault = this.fault(index);
    return fault === "field_value_character" ? undefined : fault;
  }

  /** An entry larger than the table empties it and is not kept: no error (RFC 7541, section 4.4). */
  add(name: string, value: string, fault: Malformed | undefined): void {
    const bytes = entryBytes(name, value);
    this.#evict(this.#maxBytes - bytes);
    if (bytes > this.#maxBytes) return;
    this.#fields.push(name, value);
    this.#faults.push(fault);
    this.#bytes += bytes;
  }

  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#evict(maxBytes);
  }

  /** Evicts the oldest until at most so many octets are left. */
  #evict(bytesLeft: number): void {
    while (this.#bytes > bytesLeft && this.length > 0) {
      this.#bytes -= entryBytes(this.name(this.length), this.value(this.length));
      this.#first++;
    }
    if (this.#first >= SLACK || this.length === 0) {
      this.#fields = this.#fields.slice(2 * this.#first);
      this.#faults = this.#faults.slice(this.#first);
      this.#first = 0;
    }
  }
}

/** The size of an entry, or of a field in a list. */
export function entryBytes(name: string, value: string): number {
  return name.length + value.length + ENTRY_OVERHEAD;
}
