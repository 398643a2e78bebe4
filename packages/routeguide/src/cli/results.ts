import type { Format } from "./format.js";
import type { Output } from "./output.js";

/** Text is handed on when this much of it has come together. */
const CHUNK_CHARACTERS = 1 << 16;

/** Writes results as they come, no faster than their reader takes them. */
export class Results<T> {
  readonly #output: Output;
  readonly #format: Format<T>;
  #count = 0;

  constructor(output: Output, format: Format<T>) {
    this.#output = output;
    this.#format = format;
  }

  /** How many were added. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when there is room for more. What was added has left by then, whether or not it fills anything. */
  async add(values: Iterable<T>): Promise<void> {
    let text = "";
    for (const value of values) {
      // Only a call that brings something opens a document: one that fails at once prints nothing but its error.
      text += this.#count === 0 ? this.#format.opening : this.#format.separator;
      text += this.#format.item(value);
      this.#count++;
      if (text.length >= CHUNK_CHARACTERS) {
        await this.#output.write(text);
        text = "";
      }
    }
    if (text !== "") await this.#output.write(text);
  }

  /** Completes the document, also that of no results. */
  async end(): Promise<void> {
    await this.#output.write((this.#count === 0 ? this.#format.opening : "") + this.#format.closing);
  }
}
