import { base64Encode } from "@bufbuild/protobuf/wire";

const encoder = new TextEncoder();

/** The value of each character of base64; -1: it is none. */
const VALUES = new Int8Array(256).fill(-1);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;
const PAD = "=".charCodeAt(0);

/** Writes one piece of a body of gRPC-Web's text form: base64 with padding, so that a piece can be read before the next comes. */
export function encodeBase64Piece(bytes: Uint8Array): Uint8Array {
  return encoder.encode(base64Encode(bytes));
}

/**
 * Reads a body of gRPC-Web's text form, however it is cut: base64, whose padding may come at the end of any piece of it.
 * Source: PROTOCOL-WEB.md, "grpc-web-text".
 */
export class Base64Pieces {
  /** Bits of a group of four characters that is not whole yet. */
  #bits = 0;
  #characters = 0;
  #pads = 0;

  /** Whether the body may end here. */
  get isWhole(): boolean {
    return this.#characters === 0;
  }

  /** The bytes in text[start, end), as far as they are whole; undefined if it is not base64. */
  decode(text: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const bytes = new Uint8Array(Math.ceil(((this.#characters + end - start) * 3) / 4));
    let length = 0;
    for (let i = start; i < end; i++) {
      let value = VALUES[text[i] ?? 0] ?? -1;
      if (text[i] === PAD && this.#characters >= 2) {
        value = 0;
        this.#pads++;
      } else if (value < 0 || this.#pads > 0) {
        return undefined;
      }
      this.#bits = (this.#bits << 6) | value;
      if (++this.#characters < 4) continue;
      bytes[length++] = this.#bits >>> 16;
      if (this.#pads < 2) bytes[length++] = this.#bits >>> 8;
      if (this.#pads < 1) bytes[length++] = this.#bits;
      this.#bits = 0;
      this.#characters = 0;
      this.#pads = 0;
    }
    return bytes.subarray(0, length);
  }
}
