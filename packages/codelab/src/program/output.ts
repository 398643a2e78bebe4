/** What a program prints, up to a bound. */

/** More than a program of this codelab ever has to say, in bytes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Characters from the beginning that are kept; what comes later is only counted. */
const KEPT = 64 * 1024;

export class Output {
  text = "";
  bytes = 0;
  readonly #onLine: (line: string) => void;
  readonly #onFlood: () => void;
  #partial = "";
  #isFlooded = false;

  constructor(on: { line(line: string): void; flood(): void }) {
    this.#onLine = on.line;
    this.#onFlood = on.flood;
  }

  get isFlooded(): boolean {
    return this.#isFlooded;
  }

  add(chunk: string): void {
    this.bytes += Buffer.byteLength(chunk);
    if (this.#isFlooded) return;
    if (this.bytes > MAX_OUTPUT_BYTES) {
      this.#isFlooded = true;
      this.#onFlood();
      return;
    }
    if (this.text.length < KEPT) this.text += chunk.slice(0, KEPT - this.text.length);
    const lines = (this.#partial + chunk).split("\n");
    this.#partial = (lines.pop() ?? "").slice(-KEPT);
    for (const line of lines) this.#onLine(line);
  }
}
