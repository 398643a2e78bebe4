/** Wire types of https://protobuf.dev/programming-guides/encoding/, as a tag's lowest three bits. */
export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, StartGroup: 3, EndGroup: 4, Fixed32: 5 } as const;

/** Groups nested in unknown fields, as protobuf's own decoders allow. */
const MAX_GROUP_DEPTH = 100;
const MAX_VARINT_BYTES = 10;

/**
 * Reads protobuf fields one by one from a range of bytes. What is malformed makes it stand at the end with `malformed` set,
 * so that a loop `while (reader.more)` ends and its owner asks once.
 */
export class WireReader {
  malformed = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  /** Starts anew on bytes[start, end). */
  open(bytes: Uint8Array, start: number, end: number): this {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.malformed = false;
    return this;
  }

  get more(): boolean {
    return this.#at < this.#end;
  }

  /** Where the next field starts, in the bytes that were opened. */
  get at(): number {
    return this.#at;
  }

  /** A field's tag: number x 8 + wire type. 0, which no field has, if it is malformed. */
  tag(): number {
    const start = this.#at;
    const tag = this.varint();
    const length = this.#at - start;
    const overflows = length > 5 || (length === 5 && (this.#bytes[this.#at - 1] as number) > 0x0f);
    if (this.malformed || overflows || tag >>> 3 === 0) return this.#fail();
    return tag >>> 0;
  }

  /** The low 32 bits of a varint, which is what an int32 is, whatever was sent. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < MAX_VARINT_BYTES && this.#at < this.#end; i++) {
      const byte = this.#bytes[this.#at++] as number;
      if (i < 5) value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    return this.#fail();
  }

  /** The length in front of a string or message, with which it fits into the range. */
  length(): number {
    const length = this.varint() >>> 0;
    return length <= this.#end - this.#at ? length : this.#fail();
  }

  /** Steps over bytes that are known to be there. */
  advance(length: number): void {
    this.#at += length;
  }

  /** Steps over the value of a field that nobody asked for. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case WireType.Varint:
        this.varint();
        return;
      case WireType.Fixed64:
        this.#skipBytes(8);
        return;
      case WireType.Bytes:
        this.advance(this.length());
        return;
      case WireType.StartGroup:
        this.#skipGroup(tag, depth + 1);
        return;
      case WireType.Fixed32:
        this.#skipBytes(4);
        return;
      default:
        this.#fail();
    }
  }

  #skipGroup(startTag: number, depth: number): void {
    const endTag = (((startTag >>> 3) << 3) | WireType.EndGroup) >>> 0;
    if (depth > MAX_GROUP_DEPTH) this.#fail();
    while (!this.malformed) {
      const tag = this.tag();
      if (tag === endTag) return;
      this.skip(tag, depth);
    }
  }

  #skipBytes(length: number): void {
    if (this.#end - this.#at < length) this.#fail();
    else this.#at += length;
  }

  #fail(): 0 {
    this.malformed = true;
    this.#at = this.#end;
    return 0;
  }
}
