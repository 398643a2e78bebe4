import { type BufferPool, LARGE_BUFFER, OutputBuffer, SMALL_BUFFER } from "./buffer-pool.js";
import { copyBytes } from "./copy-bytes.js";

/**
 * Takes of up to this size are copied, so that a few bytes in the socket's queue do not hold a large buffer. A small one is lent to
 * a socket that holds nothing: nearly always the kernel takes it at once.
 */
const COPIED = 16 * 1024;

/** Bytes on their way to the socket: one buffer that is written into, and those that are full. */
export class Output {
  /** What is written into, up to `at`. */
  bytes: Uint8Array = NOTHING.bytes;
  /** Of all of `bytes`. */
  view: DataView = NOTHING.view;
  at = 0;
  readonly #pool: BufferPool;
  #buffer: OutputBuffer = NOTHING;
  readonly #full: Uint8Array[] = [];
  #fullBytes = 0;
  /** Buffers that the socket may still read. */
  #lent: OutputBuffer[] = [];

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  /** Bytes that were not taken yet. */
  get size(): number {
    return this.#fullBytes + this.at;
  }

  /** Makes room for so many bytes in one piece, at most {@link LARGE_BUFFER}. */
  reserve(bytes: number): void {
    if (this.bytes.length - this.at < bytes) this.#next(bytes);
  }

  /**
   * Makes room for `wanted` bytes, or leaves it at the rest of a large buffer if that is at least `least`.
   *
   * @returns the room there is
   */
  makeRoom(wanted: number, least: number): number {
    if (this.room < wanted && (this.bytes.length < LARGE_BUFFER || this.room < least)) this.#next(wanted);
    return this.room;
  }

  /** Room in the current buffer. */
  get room(): number {
    return this.bytes.length - this.at;
  }

  /** Copies bytes[start, end), for which room was reserved. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    copyBytes(bytes, start, end, this.bytes, this.view, this.at);
    this.at += end - start;
  }

  /**
   * The next bytes to send, in one piece. They stay as they are until `returned()`.
   *
   * @param isHeld whether the socket still holds earlier ones
   * @returns undefined if there are none
   */
  take(isHeld: boolean): Uint8Array | undefined {
    const full = this.#full.shift();
    if (full !== undefined) {
      this.#fullBytes -= full.length;
      return full;
    }
    if (this.at === 0) {
      if (this.#buffer !== NOTHING) this.#pool.free(this.#buffer);
      this.#use(NOTHING);
      return undefined;
    }
    const bytes = this.bytes;
    const end = this.at;
    this.at = 0;
    if (end <= COPIED && (isHeld || bytes.length === LARGE_BUFFER)) return bytes.slice(0, end);
    this.#lent.push(this.#buffer);
    this.#use(NOTHING);
    return bytes.subarray(0, end);
  }

  /** The socket has taken all bytes: their buffers may be used again. */
  returned(): void {
    for (const buffer of this.#lent) this.#pool.free(buffer);
    this.#lent = [];
  }

  /** Drops everything that was not taken. */
  clear(): void {
    this.#full.length = 0;
    this.#fullBytes = 0;
    this.at = 0;
  }

  #next(bytes: number): void {
    const before = this.#buffer;
    const at = this.at;
    if (before === NOTHING && bytes <= SMALL_BUFFER) {
      this.#use(this.#pool.small());
    } else if (before.bytes.length < LARGE_BUFFER && at + bytes <= LARGE_BUFFER) {
      this.#use(this.#pool.large());
      this.bytes.set(before.bytes.subarray(0, at));
      if (before !== NOTHING) this.#pool.free(before);
    } else {
      this.#full.push(before.bytes.subarray(0, at));
      this.#fullBytes += at;
      this.#lent.push(before);
      this.#use(this.#pool.large());
      this.at = 0;
    }
  }

  #use(buffer: OutputBuffer): void {
    this.#buffer = buffer;
    this.bytes = buffer.bytes;
    this.view = buffer.view;
  }
}

const NOTHING = new OutputBuffer(0);
