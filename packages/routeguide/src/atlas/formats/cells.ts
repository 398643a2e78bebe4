const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const TAB = 0x09;
const SEMICOLON = 0x3b;
const COMMA = 0x2c;
const MAX_CELLS = 1024;

/** The separator that a header or first row shows: a tab if it has any, or else the more frequent of semicolon and comma. */
export function separatorOf(bytes: Uint8Array, start: number, end: number): number {
  const row = bytes.subarray(start, end);
  const count = (separator: number) => row.reduce((sum, byte) => (byte === separator ? sum + 1 : sum), 0);
  if (count(TAB) > 0) return TAB;
  return count(SEMICOLON) > count(COMMA) ? SEMICOLON : COMMA;
}

/**
 * Cuts rows into cells. Commas and semicolons follow RFC 4180: a cell may stand in quotes, and then holds separators, line ends and,
 * doubled, quotes. Between tabs a quote is a character like any other.
 */
export class Cells {
  /** How many cells the last row has. */
  count = 0;
  /** How many lines the last row took: more than one if there is a line end inside quotes. */
  lines = 1;
  /** Whether something stands behind a cell's quotes, or the last quotes do not end, or there are more than 1024 cells. */
  malformed = false;
  /** Cell i is bytes[starts[i], ends[i]), without quotes around it. */
  readonly starts: Int32Array = new Int32Array(MAX_CELLS);
  readonly ends: Int32Array = new Int32Array(MAX_CELLS);
  /** 1 if cell i holds doubled quotes that stand for single ones. */
  readonly escaped: Uint8Array = new Uint8Array(MAX_CELLS);
  readonly #separator: number;
  readonly #quote: number;

  constructor(separator: number) {
    this.#separator = separator;
    this.#quote = separator === TAB ? -1 : QUOTE;
  }

  /** Whether the last row is an empty line. */
  get isBlank(): boolean {
    return this.count === 1 && this.starts[0] === this.ends[0];
  }

  /**
   * Cuts the row that starts at bytes[start].
   *
   * @param last whether the row may end with the bytes instead of a line end
   * @returns where the next row starts, or -1 if this one is not whole
   */
  cut(bytes: Uint8Array, start: number, end: number, last: boolean): number {
    const separator = this.#separator;
    this.lines = 1;
    this.malformed = false;
    let count = 0;
    for (let at = start; ; at++) {
      const cell = count < MAX_CELLS ? count++ : MAX_CELLS - 1;
      const isQuoted = at < end && bytes[at] === this.#quote;
      this.escaped[cell] = 0;
      if (isQuoted) at = this.#cutQuoted(bytes, at + 1, end, cell);
      const rest = at;
      while (at < end && bytes[at] !== separator && bytes[at] !== NEWLINE) at++;
      const isBeforeReturn = at > rest && bytes[at] !== separator && bytes[at - 1] === RETURN;
      const cellEnd = isBeforeReturn ? at - 1 : at;
      if (!isQuoted) {
        this.starts[cell] = rest;
        this.ends[cell] = cellEnd;
      } else if (cellEnd > rest) {
        this.malformed = true;
      }
      if (at < end && bytes[at] === separator) {
        if (count === MAX_CELLS) this.malformed = true;
        continue;
      }
      this.count = count;
      if (at < end) return at + 1;
      return last ? end : -1;
    }
  }

  /** Cuts a cell whose opening quote is in front of bytes[start], and returns the position behind the closing one. */
  #cutQuoted(bytes: Uint8Array, start: number, end: number, cell: number): number {
    this.starts[cell] = start;
    for (let at = start; at < end; at++) {
      if (bytes[at] === NEWLINE) this.lines++;
      if (bytes[at] !== QUOTE) continue;
      if (at + 1 < end && bytes[at + 1] === QUOTE) {
        this.escaped[cell] = 1;
        at++;
      } else {
        this.ends[cell] = at;
        return at + 1;
      }
    }
    this.ends[cell] = end;
    this.malformed = true;
    return end;
  }
}
