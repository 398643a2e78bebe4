import { Failure } from "../failure.js";

/** No row that anybody writes is longer; a file without line breaks must not fill the memory. */
const MAX_LINE_CHARACTERS = 1 << 20;

/** Cuts text that comes in pieces into lines, without their ends (LF or CRLF). */
export class Lines {
  #partial = "";
  #number = 0;

  /** The number of the line that was given last, from 1. */
  get number(): number {
    return this.#number;
  }

  *push(text: string): Generator<string> {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      const line = this.#partial + text.slice(start, end);
      this.#partial = "";
      start = end + 1;
      this.#number++;
      yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
    this.#partial += text.slice(start);
    if (this.#partial.length > MAX_LINE_CHARACTERS) {
      throw new Failure(`line ${this.#number + 1} is longer than ${MAX_LINE_CHARACTERS} characters`);
    }
  }

  /** The last line, if it was not ended. */
  *end(): Generator<string> {
    const line = this.#partial;
    this.#partial = "";
    if (line === "") return;
    this.#number++;
    yield line;
  }
}
