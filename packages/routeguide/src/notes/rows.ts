import { GrowingCells } from "./growing-cells.js";

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
  readonly #buffer: GrowingCells;
  readonly #mostCells: number;
  #end: number;
  /** The first of the freed rows. Each holds the next in its first cell. */
  #free = NO_ROW;

  /** @param most how many rows will ever be in use at a time */
  constructor(width: number, most: number) {
    this.#width = width;
    this.#end = width;
    this.#mostCells = (most + 1) * width;
    this.#buffer = new GrowingCells(this.#mostCells);
    this.cells = this.#grow(FIRST_ROWS * width);
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
    if (this.#end > this.cells.length) this.cells = this.#grow(this.cells.length * 2);
    return next;
  }

  release(row: number): void {
    this.count--;
    this.cells[row] = this.#free;
    this.#free = row;
  }

  #grow(cells: number): Int32Array {
    return this.#buffer.grow(Math.min(cells, this.#mostCells));
  }
}
