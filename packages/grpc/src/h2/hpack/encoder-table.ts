import { entryBytes } from "./dynamic-table.js";

interface Entry {
  readonly name: string;
  readonly value: string;
  /** Entries are numbered as they come; the index of one is its distance from the newest. */
  readonly number: number;
}

/** The encoder's dynamic table, found by name and value. Indexes start at 1, the newest. */
export class EncoderTable {
  #maxBytes: number;
  #bytes = 0;
  #inserted = 0;
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  /** The same, by name, oldest first; no empty lists. */
  readonly #byName = new Map<string, Entry[]>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** 0 if there is none. */
  fieldIndex(name: string, value: string): number {
    const entries = this.#byName.get(name);
    if (entries === undefined) return 0;
    for (const entry of entries) {
      if (entry.value === value) return this.#inserted - entry.number;
    }
    return 0;
  }

  /** 0 if there is none. */
  nameIndex(name: string): number {
    const newest = this.#byName.get(name)?.at(-1);
    return newest === undefined ? 0 : this.#inserted - newest.number;
  }

  add(name: string, value: string): void {
    const bytes = entryBytes(name, value);
    this.#evict(this.#maxBytes - bytes);
    if (bytes > this.#maxBytes) return;
    const entry = { name, value, number: this.#inserted++ };
    this.#entries.push(entry);
    this.#bytes += bytes;
    const named = this.#byName.get(name);
    if (named === undefined) this.#byName.set(name, [entry]);
    else named.push(entry);
  }

  resize(maxBytes: number): void {
    this.#maxBytes = maxBytes;
    this.#evict(maxBytes);
  }

  /** Evicts the oldest until at most so many octets are left. */
  #evict(bytesLeft: number): void {
    while (this.#bytes > bytesLeft) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) return;
      this.#bytes -= entryBytes(oldest.name, oldest.value);
      const named = this.#byName.get(oldest.name);
      if (named === undefined || named.length === 1) this.#byName.delete(oldest.name);
      else named.shift();
    }
  }
}
