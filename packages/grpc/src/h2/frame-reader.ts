import { Violation } from "./violation.js";
import { Flag, FRAME_HEADER, FrameType, PREFACE, readUint31 } from "./wire.js";

/** What the reader calls, in the order of the bytes: `(data piece* dataEnd | frame)*`. */
export interface FrameHandler {
  /**
   * A DATA frame begins. `length` is what it spends of the windows: payload and padding; `padding` counts its own
   * length byte.
   */
  data(stream: number, flags: number, length: number, padding: number): void;
  /** Bytes of that frame, as they come; never none. */
  piece(bytes: Uint8Array, start: number, end: number): void;
  /** That frame has ended. */
  dataEnd(): void;
  /** Any other frame, whole. Its bytes are good for the time of this call. */
  frame(type: number, flags: number, stream: number, bytes: Uint8Array, start: number, end: number): void;
  /** The bytes are not HTTP/2. Nothing follows. */
  broken(violation: Violation): void;
}

/** What the next byte belongs to. */
const Part = { Preface: 0, Header: 1, PadLength: 2, Data: 3, Padding: 4, Payload: 5 } as const;

/**
 * Cuts what reads bring into frames. However the bytes are cut, the calls are the same, but for the pieces of DATA;
 * payload of DATA is passed on without waiting, everything else is carried until it is whole: at most one frame.
 */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #maxBytes: number;
  #part: number;
  /** The frame's header as it comes in parts; then its payload. */
  #carry: Uint8Array = NOTHING;
  #carried = 0;
  #type = 0;
  #flags = 0;
  #stream = 0;
  /** Bytes of the frame, or of its data, that are still to come. */
  #left = 0;
  #padding = 0;
  #stopped = false;

  /** @param preface whether the client's preface comes first: on servers */
  constructor(handler: FrameHandler, maxFrameBytes: number, preface: boolean) {
    this.#handler = handler;
    this.#maxBytes = maxFrameBytes;
    this.#part = preface ? Part.Preface : Part.Header;
  }

  /** Ignores everything from here on, also what is left of the current read. */
  stop(): void {
    this.#stopped = true;
    this.#carry = NOTHING;
  }

  read(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#stopped) {
      switch (this.#part) {
        case Part.Preface:
          at = this.#preface(bytes, at);
          break;
        case Part.Header:
          at = this.#header(bytes, at);
          break;
        case Part.PadLength:
          this.#begin(1 + (bytes[at++] ?? 0));
          break;
        case Part.Data:
          at = this.#data(bytes, at);
          break;
        case Part.Padding:
          at = this.#skip(bytes, at);
          break;
        case Part.Payload:
          at = this.#payload(bytes, at);
          break;
      }
    }
  }

  #preface(bytes: Uint8Array, at: number): number {
    while (at < bytes.length && this.#carried < PREFACE.length) {
      if (bytes[at++] !== PREFACE[this.#carried++]) {
        this.#break(Violation.Preface);
        return at;
      }
    }
    if (this.#carried === PREFACE.length) {
      this.#carried = 0;
      this.#part = Part.Header;
    }
    return at;
  }

  #header(bytes: Uint8Array, at: number): number {
    if (this.#carried === 0 && bytes.length - at >= FRAME_HEADER) {
      this.#parse(bytes, at);
      at += FRAME_HEADER;
      // Most frames lie whole in their read and need no state between calls.
      const end = at + this.#left;
      if (this.#part === Part.Payload && end <= bytes.length) {
        this.#part = Part.Header;
        this.#handler.frame(this.#type, this.#flags, this.#stream, bytes, at, end);
        return end;
      }
      return at;
    }
    if (this.#carried === 0) this.#carry = new Uint8Array(FRAME_HEADER);
    while (at < bytes.length && this.#carried < FRAME_HEADER) this.#carry[this.#carried++] = bytes[at++] ?? 0;
    if (this.#carried === FRAME_HEADER) {
      const header = this.#carry;
      this.#carry = NOTHING;
      this.#carried = 0;
      this.#parse(header, 0);
    }
    return at;
  }

  /** Decides what follows a header. What has no payload is passed on at once: no byte may follow that would do it. */
  #parse(bytes: Uint8Array, at: number): void {
    const length = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    this.#type = bytes[at + 3] ?? 0;
    this.#flags = bytes[at + 4] ?? 0;
    this.#stream = readUint31(bytes, at + 5);
    this.#left = length;
    if (length > this.#maxBytes) {
      this.#break(Violation.FrameTooLarge);
    } else if (this.#type === FrameType.Data) {
      if ((this.#flags & Flag.Padded) === 0) this.#begin(0);
      else if (length === 0) this.#break(Violation.FrameSize);
      else this.#part = Part.PadLength;
    } else if (length === 0) {
      this.#part = Part.Header;
      this.#handler.frame(this.#type, this.#flags, this.#stream, bytes, 0, 0);
    } else {
      this.#part = Part.Payload;
    }
  }

  #begin(padding: number): void {
    const length = this.#left;
    if (padding > length) {
      this.#break(Violation.Padding);
      return;
    }
    this.#left = length - padding;
    // The length byte has already come.
    this.#padding = Math.max(0, padding - 1);
    this.#handler.data(this.#stream, this.#flags, length, padding);
    if (this.#left > 0) this.#part = Part.Data;
    else this.#afterData();
  }

  #data(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    this.#handler.piece(bytes, at, end);
    if (this.#left === 0) this.#afterData();
    return end;
  }

  #afterData(): void {
    if (this.#padding > 0) {
      this.#part = Part.Padding;
    } else {
      this.#part = Part.Header;
      this.#handler.dataEnd();
    }
  }

  #skip(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + this.#padding);
    this.#padding -= end - at;
    if (this.#padding === 0) this.#afterData();
    return end;
  }

  #payload(bytes: Uint8Array, at: number): number {
    if (this.#carried === 0) this.#carry = new Uint8Array(this.#left);
    const end = Math.min(bytes.length, at + this.#left);
    this.#carry.set(bytes.subarray(at, end), this.#carried);
    this.#carried += end - at;
    this.#left -= end - at;
    if (this.#left === 0) {
      const payload = this.#carry;
      this.#carry = NOTHING;
      this.#carried = 0;
      this.#part = Part.Header;
      this.#handler.frame(this.#type, this.#flags, this.#stream, payload, 0, payload.length);
    }
    return end;
  }

  #break(violation: Violation): void {
    this.stop();
    this.#handler.broken(violation);
  }
}

const NOTHING = new Uint8Array(0);
