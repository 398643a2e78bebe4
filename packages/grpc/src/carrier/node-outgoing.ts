/** Where the bytes go: a stream of node:http2, or a message of node:http. */
export interface BodyWriter {
  write(chunk: Uint8Array, taken: () => void): unknown;
  end(chunk?: Uint8Array): unknown;
}

/** Bytes queued here and in Node from which on `write()` says false; at half of them there is room again. */
const QUEUE_BYTES = 65_536;
/** What one write to Node holds at most, so that one big answer does not fill the memory budget of node:http2. */
const WRITE_BYTES = 262_144;
/** What leaves before others have their turn: the callbacks of a peer that takes all at once follow each other without an end. */
const TURN_BYTES = 262_144;
/** Ranges below this are copied together; longer ones leave as they are. */
const COPY_BYTES = 16_384;

/** The bytes that an exchange sends. What was written in one turn leaves in one write; the next follows when that has left. */
export class Outgoing {
  readonly #onRoom: () => void;
  #stream: BodyWriter | undefined;
  #ranges: Range[] = [];
  /** Ranges before it have left. */
  #first = 0;
  #queued = 0;
  #inFlight = 0;
  #leftInTurn = 0;
  #blocked = false;
  #ended = false;
  #endSent = false;

  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  get isBlocked(): boolean {
    return this.#blocked;
  }

  /** Bytes that Node does not have yet. */
  get queued(): number {
    return this.#queued;
  }

  /** From now on there is a stream to send on. */
  attach(stream: BodyWriter): void {
    this.#stream = stream;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && last.bytes === bytes && last.end === start) last.end = end;
    else this.#ranges.push({ bytes, start, end });
    this.#queued += end - start;
    if (this.#queued + this.#inFlight >= QUEUE_BYTES) this.#blocked = true;
  }

  end(): void {
    this.#ended = true;
  }

  drop(): void {
    this.#ranges = [];
    this.#first = 0;
    this.#queued = 0;
    this.#stream = undefined;
  }

  /** Hands the next write to Node, unless one is still on its way. */
  flush(): void {
    const stream = this.#stream;
    if (stream === undefined || this.#inFlight > 0 || this.#endSent) return;
    if (this.#queued === 0) {
      if (!this.#ended) return;
      this.#endSent = true;
      stream.end();
      return;
    }
    const chunk = this.#take();
    this.#queued -= chunk.length;
    if (this.#queued === 0 && this.#ended) {
      this.#endSent = true;
      stream.end(chunk);
      return;
    }
    this.#inFlight = chunk.length;
    stream.write(chunk, this.#left);
  }

  readonly #left = (): void => {
    this.#leftInTurn += this.#inFlight;
    if (this.#leftInTurn < TURN_BYTES) {
      this.#goOn();
    } else {
      this.#leftInTurn = 0;
      setImmediate(() => this.#goOn());
    }
  };

  #goOn(): void {
    this.#inFlight = 0;
    this.flush();
    if (this.#blocked && this.#queued + this.#inFlight <= QUEUE_BYTES / 2) {
      this.#blocked = false;
      this.#onRoom();
    }
  }

  /** The next bytes to send: part of a long range as it is, or as many short ones as fit, copied together. */
  #take(): Uint8Array {
    const range = this.#ranges[this.#first];
    if (range === undefined) return EMPTY;
    const length = range.end - range.start;
    if (length < COPY_BYTES) return this.#gather();
    const end = Math.min(range.end, range.start + WRITE_BYTES);
    const chunk = range.bytes.subarray(range.start, end);
    range.start = end;
    if (end === range.end) this.#advance();
    return chunk;
  }

  #gather(): Uint8Array {
    const chunk = Buffer.allocUnsafe(Math.min(this.#queued, WRITE_BYTES));
    let length = 0;
    for (;;) {
      const range = this.#ranges[this.#first];
      if (range === undefined || range.end - range.start > Math.min(COPY_BYTES, chunk.length - length)) break;
      chunk.set(range.bytes.subarray(range.start, range.end), length);
      length += range.end - range.start;
      this.#advance();
    }
    return chunk.subarray(0, length);
  }

  #advance(): void {
    this.#first++;
    if (this.#first < this.#ranges.length) return;
    this.#ranges = [];
    this.#first = 0;
  }
}

interface Range {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
}

const EMPTY = new Uint8Array(0);
