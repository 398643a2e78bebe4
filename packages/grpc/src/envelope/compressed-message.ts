import type { Compression } from "./compression.js";
import type { EnvelopeFault, Ranges } from "./splitter.js";

/**
 * A message as it came, compressed. It is inflated when somebody wants it, not before: a peer can send in one read what is a
 * thousand times as long.
 */
export class CompressedMessage {
  readonly #bytes: Uint8Array;
  readonly #compression: Compression;
  /** What it may inflate to. */
  readonly maxBytes: number;

  /** @param bytes are copied, so that the read in which they came can go */
  constructor(bytes: Uint8Array, compression: Compression, maxBytes: number) {
    this.#bytes = new Uint8Array(bytes);
    this.#compression = compression;
    this.maxBytes = maxBytes;
  }

  /** As it came. */
  get byteLength(): number {
    return this.#bytes.length;
  }

  inflate(): Ranges | EnvelopeFault {
    const compression = this.#compression;
    const bytes = compression.decompress(this.#bytes, this.maxBytes);
    if (bytes === "too-large") return { kind: "too-large", bytes: undefined, maxBytes: this.maxBytes };
    if (bytes === "malformed") return { kind: "malformed-compression", encoding: compression.name };
    return { bytes, starts: Int32Array.of(0), ends: Int32Array.of(bytes.length), count: 1 };
  }
}
