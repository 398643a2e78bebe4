import { Invalid } from "../../geo/invalid.js";
import { parseCoordinates } from "../../geo/parse-point.js";
import { isOnEarth } from "../../geo/point.js";
import { Cells, separatorOf } from "./cells.js";
import { type Columns, columnsOf, DEFAULT_COLUMNS } from "./columns.js";
import { plainDegreesE7, plainE7 } from "./plain-number.js";
import { BadRow, excerpt, type FeatureSink, type RowFormat } from "./row-format.js";

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const STARTS_NUMBER = /^[+-]?[.\d]/;

/**
 * Lines of cells separated by tabs, commas or semicolons, whichever the first line shows. That line is a header with the columns
 * `latitude` or `lat`, `longitude`, `lon`, `lng` or `long`, and `name`, among any others; or there is none, and rows are latitude,
 * longitude, name. Coordinates are degrees or E7, as parseCoordinates() decides for each row: `40.71427` and `-74` are degrees,
 * `-746188906` is E7. Empty lines are skipped.
 */
export class DelimitedRows implements RowFormat {
  readonly #sink: FeatureSink;
  #cells: Cells | undefined;
  #columns: Columns | undefined;
  /** The line of the next row, counted from 1. */
  #line = 1;
  #unescaped = new Uint8Array(256);

  constructor(sink: FeatureSink) {
    this.#sink = sink;
  }

  read(bytes: Uint8Array, end: number, last: boolean): number | BadRow {
    let at = this.#line === 1 && startsWithMark(bytes) ? 3 : 0;
    while (at < end) {
      const cells = this.#cells ?? cellsFor(bytes, at, end, last);
      const next = cells?.cut(bytes, at, end, last) ?? -1;
      if (cells === undefined || next < 0) break;
      const invalid = cells.isBlank ? undefined : this.#readRow(bytes, cells, at, next);
      if (invalid !== undefined) return new BadRow("line", this.#line, invalid);
      this.#line += cells.lines;
      at = next;
    }
    return at;
  }

  #readRow(bytes: Uint8Array, cells: Cells, start: number, end: number): Invalid | undefined {
    if (cells.malformed) {
      return new Invalid("the row", excerpt(bytes, start, end), "cells that end with their closing quote");
    }
    if (this.#columns !== undefined) return this.#add(bytes, cells, this.#columns);
    this.#cells = cells;
    const texts = Array.from({ length: cells.count }, (_, i) => textOf(bytes, cells, i));
    const columns = columnsOf(texts);
    this.#columns = columns ?? DEFAULT_COLUMNS;
    if (columns !== undefined) return undefined;
    if (STARTS_NUMBER.test(texts[0] ?? "")) return this.#add(bytes, cells, DEFAULT_COLUMNS);
    const expected = "a header with latitude, longitude and name, or rows in this order";
    return new Invalid("the first row", excerpt(bytes, start, end), expected);
  }

  #add(bytes: Uint8Array, cells: Cells, columns: Columns): Invalid | undefined {
    if (cells.count > columns.count) {
      const expected = `${columns.count}: a name that holds a separator must stand in quotes`;
      return new Invalid("the number of cells", String(cells.count), expected);
    }
    const { latitude, longitude, name } = columns;
    for (const read of [plainDegreesE7, plainE7]) {
      const lat = plainNumber(read, bytes, cells, latitude);
      const lon = plainNumber(read, bytes, cells, longitude);
      if (isOnEarth(lat, lon)) return this.#addNamed(lat, lon, bytes, cells, name);
    }
    const point = parseCoordinates(textOf(bytes, cells, latitude), textOf(bytes, cells, longitude));
    return point instanceof Invalid ? point : this.#addNamed(point.latitude, point.longitude, bytes, cells, name);
  }

  #addNamed(latitude: number, longitude: number, bytes: Uint8Array, cells: Cells, column: number): Invalid | undefined {
    if (column < 0 || column >= cells.count) return this.#sink.add(latitude, longitude, bytes, 0, 0);
    const start = cells.starts[column] as number;
    const end = cells.ends[column] as number;
    if (cells.escaped[column] === 0) return this.#sink.add(latitude, longitude, bytes, start, end);
    return this.#sink.add(latitude, longitude, this.#unescaped, 0, this.#unescape(bytes, start, end));
  }

  /** Copies a cell with its doubled quotes made single, and returns its length. */
  #unescape(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.#unescaped.length) this.#unescaped = new Uint8Array(end - start);
    let length = 0;
    for (let at = start; at < end; at++) {
      if (bytes[at] === QUOTE) at++;
      this.#unescaped[length++] = bytes[at] as number;
    }
    return length;
  }
}

/** Cells with the separator of the line that starts here; undefined if it is not whole. */
function cellsFor(bytes: Uint8Array, start: number, end: number, last: boolean): Cells | undefined {
  const newline = bytes.indexOf(NEWLINE, start);
  if (newline < 0 && !last) return undefined;
  return new Cells(separatorOf(bytes, start, newline < 0 ? end : newline));
}

/** A cell read as a number of one form; NaN if it is of another, or the row has no such cell. */
function plainNumber(read: typeof plainE7, bytes: Uint8Array, cells: Cells, cell: number): number {
  return cell < cells.count ? read(bytes, cells.starts[cell] as number, cells.ends[cell] as number) : Number.NaN;
}

/** The text of a cell; empty if the row has no such cell. */
function textOf(bytes: Uint8Array, cells: Cells, cell: number): string {
  if (cell >= cells.count) return "";
  return excerpt(bytes, cells.starts[cell] as number, cells.ends[cell] as number);
}

const startsWithMark = (bytes: Uint8Array) => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
