const FIRST_ROWS = 64;

/** Row numbers start after this one, so that a link of 0 leads nowhere. */
export const NO_ROW = 0;

/**
 * Rows of int32 cells in one array that grows: a million notes are two arrays instead of a million objects. A row is named by the
 * index of its first cell, so cell `column` of it is `cells[row + column]`. Freed rows are used again.
 */
export class Rows {
  /** Replaced as it grows: read it again after `take()`. */
  cells: Int32Array;
  /** Rows in use. */
  count = 0;
  readonly #width: number;
  #end: number;
  /** The first of the freed rows. Each holds the next in its first cell. */
  #free = NO_ROW;

  constructor(width: number) {
    this.#width = width;
    this.#end = width;
    this.cells = new Int32Array(FIRST_ROWS * width);
  }

  /** A row for use. What its cells hold is undefined. */
  take(): number {
    this.count++;
    const row = this.#free;
    if (row !== NO_ROW) {
      this.#free = this.cells[row] as number;
      return row;
    }
    const next = this.#end;
    this.#end += this.#width;
    if (this.#end > this.cells.length) {
      // What is not written yet takes no memory, so growing in large steps costs address space and saves copies.
      const larger = new Int32Array(this.cells.length * 4);
      larger.set(this.cells);
      this.cells = larger;
    }
    return next;
  }

  release(row: number): void {
    this.count--;
    this.cells[row] = this.#free;
    this.#free = row;
  }
}
