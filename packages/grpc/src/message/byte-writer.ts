/** Of Node's Buffer what writes text. */
export interface NodeBuffer extends Uint8Array {
  /** Writes as much of the text as there is room for, as UTF-8, and returns how many bytes that is. */
  write(text: string, at: number): number;
}
/** Browsers have none. */
const { Buffer } = globalThis as { Buffer?: { from(buffer: ArrayBuffer): NodeBuffer } };

/** A server answers many calls out of one slab, so that most writes to the network are one range. */
const SLAB_BYTES = 64 * 1024;

/**
 * Writes messages one after another into slabs of bytes. It only appends: a range that was written before the last `begin()`
 * never changes, so it may be handed to `Exchange.write` without a copy. A full slab is replaced, never grown or used again.
 *
 * A message is `bytes[mark, at)`. When the slab is replaced, only that unfinished message moves along; what lies before it
 * stays in the old slab, where whoever wrote it must have kept `bytes` to find it.
 */
export class ByteWriter {
  /** The slab that is being written. Replaced by `reserve()`, so never hold it across a write. */
  bytes = new Uint8Array(0);
  /** The same slab as Node's Buffer, if this is Node. */
  buffer: NodeBuffer | undefined = undefined;
  /** Where the next byte goes. */
  at = 0;
  /** Where the message that is being written begins. */
  mark = 0;
  readonly #slabBytes: number;

  /** @param slabBytes the size of a slab in bytes; one longer message gets a longer slab */
  constructor(slabBytes: number = SLAB_BYTES) {
    this.#slabBytes = slabBytes;
  }

  /** Begins a message. All that was written before is final. */
  begin(): void {
    this.mark = this.at;
  }

  /** Drops what was written since `begin()`. */
  cancel(): void {
    this.at = this.mark;
  }

  /** Makes room for `count` bytes at `at`. May replace `bytes`, and `at` and `mark` with it. */
  reserve(count: number): void {
    if (this.bytes.length - this.at < count) this.#replace(count);
  }

  /** Appends bytes[start, end). */
  append(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
    this.reserve(end - start);
    this.bytes.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.at);
    this.at += end - start;
  }

  #replace(count: number): void {
    const unfinished = this.at - this.mark;
    // Twice what is unfinished, so that a long message moves a logarithmic number of times.
    const slab = new Uint8Array(Math.max(this.#slabBytes, 2 * unfinished + count));
    slab.set(this.bytes.subarray(this.mark, this.at));
    this.bytes = slab;
    this.buffer = Buffer?.from(slab.buffer);
    this.at = unfinished;
    this.mark = 0;
  }
}
