import type { OnReadOpts } from "node:net";

/** As much as Node reads at once. */
const SLAB_BYTES = 64 * 1024;
/** What is left of a slab is read into while it is no less. */
const LEAST_READ_BYTES = 16 * 1024;

/**
 * What one socket reads into, over and over: Node makes new memory for each read, and shrinks it to what came. Bytes that somebody
 * keeps are left alone, and the next read goes behind them.
 */
export class ReadMemory {
  /** For `net.connect()`. */
  readonly onread: OnReadOpts = { buffer: () => this.#next(), callback: (count) => this.#read(count) };
  /** Works off what a read brought. Returns true if nobody looks at the bytes any more. To be set before the first read. */
  receive: (bytes: Buffer) => boolean = () => false;
  #room: Buffer = NOTHING;

  /** Where the next read goes. Node asks after each. */
  #next(): Buffer {
    if (this.#room.length < LEAST_READ_BYTES) this.#room = Buffer.allocUnsafeSlow(SLAB_BYTES);
    return this.#room;
  }

  /** Returns that the socket is to read on. */
  #read(count: number): true {
    // A view of its own for each read: what was made of bytes may be known by their object.
    if (!this.receive(this.#room.subarray(0, count))) this.#room = this.#room.subarray(count);
    return true;
  }
}

const NOTHING = Buffer.alloc(0);
