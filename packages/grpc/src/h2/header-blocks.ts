import type { DecodedBlock } from "./hpack/block-cache.js";
import { HpackDecoder } from "./hpack/decoder.js";
import type { Limits } from "./limits.js";
import { Violation } from "./violation.js";
import { Flag, readUint31 } from "./wire.js";

const PRIORITY_BYTES = 5;

/** Is told of whole header blocks. `bad`: what is wrong with their frames. Returns what ends the connection. */
export type HeaderBlockHandler = (
  stream: number,
  endStream: boolean,
  block: DecodedBlock,
  bad: Violation | undefined,
) => Violation | undefined;

/** Puts header blocks together from HEADERS and CONTINUATION, and decodes them. */
export class HeaderBlocks {
  /** The stream whose block is not whole yet, or 0: nothing else may come in between (RFC 9113, section 6.10). */
  openStream = 0;
  readonly #limits: Limits;
  readonly #handler: HeaderBlockHandler;
  readonly #decoder: HpackDecoder;
  #endStream = false;
  /** What is wrong with the stream's frame itself, to be told after decoding: the table must stay in step. */
  #violation: Violation | undefined = undefined;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(limits: Limits, handler: HeaderBlockHandler) {
    this.#limits = limits;
    this.#handler = handler;
    this.#decoder = new HpackDecoder(limits.maxTableBytes, {
      maxListBytes: limits.maxHeaderListBytes,
      maxFields: limits.maxHeaderFields,
    });
  }

  /** @returns what ends the connection */
  headers(flags: number, stream: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if ((flags & Flag.Padded) !== 0) {
      if (start >= end) return Violation.FrameSize;
      const padding = bytes[start++] ?? 0;
      if (padding > end - start) return Violation.Padding;
      end -= padding;
    }
    this.#violation = undefined;
    if ((flags & Flag.Priority) !== 0) {
      if (end - start < PRIORITY_BYTES) return Violation.FrameSize;
      if (readUint31(bytes, start) === stream) this.#violation = Violation.SelfDependency;
      start += PRIORITY_BYTES;
    }
    this.#endStream = (flags & Flag.EndStream) !== 0;
    if ((flags & Flag.EndHeaders) !== 0) return this.#decode(stream, bytes, start, end);
    this.openStream = stream;
    return this.#keep(bytes, start, end);
  }

  /** @returns what ends the connection */
  continuation(flags: number, stream: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (this.openStream === 0 || stream !== this.openStream) return Violation.Continuation;
    if (this.#parts.length > this.#limits.maxContinuations) return Violation.ContinuationFlood;
    const violation = this.#keep(bytes, start, end);
    if (violation !== undefined || (flags & Flag.EndHeaders) === 0) return violation;
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.openStream = 0;
    this.#parts = [];
    this.#bytes = 0;
    return this.#decode(stream, whole, 0, whole.length);
  }

  #keep(bytes: Uint8Array, start: number, end: number): Violation | undefined {
    // Not slice(): a Buffer's gives a view.
    this.#parts.push(new Uint8Array(bytes.subarray(start, end)));
    this.#bytes += end - start;
    // No list is smaller than its block by more than table-size updates.
    return this.#bytes > 2 * this.#limits.maxHeaderListBytes ? Violation.HeaderList : undefined;
  }

  #decode(stream: number, bytes: Uint8Array, start: number, end: number): Violation | undefined {
    if (this.#decoder.decode(bytes, start, end) === undefined) return Violation.Compression;
    const block = this.#decoder.block;
    if (block.listBytes > 2 * this.#limits.maxHeaderListBytes) return Violation.HeaderList;
    return this.#handler(stream, this.#endStream, block, this.#violation);
  }
}
