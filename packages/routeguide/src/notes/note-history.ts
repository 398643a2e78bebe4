import { envelopeEnd } from "../contract/envelope-writer.js";
import { contains, type Rectangle } from "../geo/rectangle.js";
import type { Mailbox } from "./mailbox.js";
import type { NoteLimits } from "./note-limits.js";
import { type NotePoints, Point } from "./note-points.js";
import { NO_ROW, Rows } from "./rows.js";
import { offsetOf, positionOf, type Slab, Slabs } from "./slab.js";

/** The cells of a note's row. */
const Note = {
  Point: 0,
  /** The next newer one at its point. After the newest comes the oldest. */
  NextAtPoint: 1,
  Older: 2,
  Newer: 3,
  /** Where its envelope lies in the slabs. Where that ends, its own prefix says. */
  Position: 4,
  /** Its sequence number: only if somebody wants to be told when it goes. */
  SequenceLow: 5,
  SequenceHigh: 6,
} as const;
const WIDTH = 5;
const WIDTH_WITH_SEQUENCE = 7;

/** Reserved beyond twice what is kept, before notes are moved. */
const SLACK_BYTES = 256 * 1024;
/** Of so many of the newest notes those of an area are looked for: a search of all would hold up everybody's calls. */
const SEARCHED_NOTES = 20_000;
/** Bytes moved for each byte that comes. */
const MOVES = 4;

/**
 * The notes that are kept, oldest first: at each point and in all. Both orders are linked lists through the rows, so that a note
 * may go from the middle of the second.
 */
export class NoteHistory {
  readonly slabs = new Slabs();
  /** Bytes of the envelopes kept. */
  bytes = 0;
  readonly #points: NotePoints;
  readonly #limits: NoteLimits;
  readonly #forget: ((sequence: number) => void) | undefined;
  readonly #rows: Rows;
  #oldest = NO_ROW;
  #newest = NO_ROW;
  /** The note to move next. Those before it have been moved since the last time round. */
  #toMove = NO_ROW;
  /** Of all that were ever kept: the most notes at one point, and the bytes of the largest. */
  #mostNotes = 0;
  #largest = 0;

  /** @param forget called with the sequence number of each note that goes. Undefined: they are not remembered */
  constructor(points: NotePoints, limits: NoteLimits, forget?: (sequence: number) => void) {
    this.#points = points;
    this.#limits = limits;
    this.#forget = forget;
    // One more for a moment, before the oldest goes.
    this.#rows = new Rows(forget === undefined ? WIDTH : WIDTH_WITH_SEQUENCE, limits.notes + 1);
  }

  /** Notes kept. */
  get count(): number {
    return this.#rows.count;
  }

  /** No more bytes than this are kept at any point. */
  get mostAtPoint(): number {
    return this.#mostNotes * this.#largest;
  }

  /** Bytes kept at a point. As much work as to send them. */
  bytesAt(point: number): number {
    const { cells } = this.#rows;
    const newest = this.#points.rows.cells[point + Point.NewestNote] as number;
    if (newest === NO_ROW) return 0;
    let bytes = 0;
    let row = newest;
    do {
      row = cells[row + Note.NextAtPoint] as number;
      bytes += this.#lengthOf(row);
    } while (row !== newest);
    return bytes;
  }

  /** Keeps the envelope slab.bytes[start, end) as the newest note, and lets go what is over the bounds. */
  keep(point: number, slab: Slab, start: number, end: number, sequence: number): void {
    const row = this.#rows.take();
    const { cells } = this.#rows;
    const points = this.#points.rows.cells;
    const length = end - start;
    cells[row + Note.Point] = point;
    cells[row + Note.Older] = this.#newest;
    cells[row + Note.Newer] = NO_ROW;
    cells[row + Note.Position] = positionOf(slab, start);
    if (this.#forget !== undefined) {
      cells[row + Note.SequenceLow] = sequence;
      cells[row + Note.SequenceHigh] = sequence / 2 ** 32;
    }
    slab.kept += length;
    this.bytes += length;
    if (length > this.#largest) this.#largest = length;

    if (this.#newest === NO_ROW) this.#oldest = row;
    else cells[this.#newest + Note.Newer] = row;
    this.#newest = row;

    const before = points[point + Point.NewestNote] as number;
    if (before === NO_ROW) {
      cells[row + Note.NextAtPoint] = row;
    } else {
      cells[row + Note.NextAtPoint] = cells[before + Note.NextAtPoint] as number;
      cells[before + Note.NextAtPoint] = row;
    }
    points[point + Point.NewestNote] = row;
    const count = (points[point + Point.NoteCount] as number) + 1;
    points[point + Point.NoteCount] = count;
    if (count > this.#mostNotes) this.#mostNotes = count;

    if (count > this.#limits.notesPerPoint) this.#drop(cells[row + Note.NextAtPoint] as number);
    while (this.#rows.count > this.#limits.notes || this.bytes > this.#limits.bytes) this.#drop(this.#oldest);
  }

  /** Puts every envelope kept at a point, where one is, into a mailbox, oldest first. */
  send(point: number, mailbox: Mailbox): void {
    const { cells } = this.#rows;
    const newest = this.#points.rows.cells[point + Point.NewestNote] as number;
    let row = newest;
    do {
      row = cells[row + Note.NextAtPoint] as number;
      this.#put(row, mailbox);
    } while (row !== newest);
  }

  /**
   * Puts the newest envelopes that were posted in an area into a mailbox, oldest first: at most so many, of so many bytes together,
   * among the newest 20,000 of all.
   */
  sendRecent(area: Rectangle, most: number, mostBytes: number, mailbox: Mailbox): void {
    const { cells } = this.#rows;
    const points = this.#points.rows.cells;
    const found: number[] = [];
    let bytes = 0;
    let row = this.#newest;
    for (let left = SEARCHED_NOTES; left > 0 && row !== NO_ROW && found.length < most; left--) {
      const point = cells[row + Note.Point] as number;
      if (contains(area, points[point + Point.Latitude] as number, points[point + Point.Longitude] as number)) {
        bytes += this.#lengthOf(row);
        if (bytes > mostBytes) break;
        found.push(row);
      }
      row = cells[row + Note.Older] as number;
    }
    while (found.length > 0) this.#put(found.pop() as number, mailbox);
  }

  /**
   * After so many bytes were kept: while more than twice the bytes kept (and a little) are reserved, moves notes together.
   *
   * Notes lie in their slabs in the order of age, and go round in that order, so the notes of one slab are moved after each
   * other and the slab goes. One round moves the bytes kept, and frees no less; it is over when a quarter as much has come.
   * So at most 2.25 times the bytes kept are reserved, and each byte that comes is moved once in the long run.
   */
  compact(bytes: number): void {
    for (let left = bytes * MOVES; left > 0 && this.slabs.reserved > 2 * this.bytes + SLACK_BYTES; ) {
      const row = this.#toMove === NO_ROW ? this.#oldest : this.#toMove;
      if (row === NO_ROW) return;
      left -= this.#move(row);
      this.#toMove = this.#rows.cells[row + Note.Newer] as number;
    }
  }

  #put(row: number, mailbox: Mailbox): void {
    const position = this.#rows.cells[row + Note.Position] as number;
    const slab = this.slabs.at(position);
    const start = offsetOf(position);
    mailbox.put(slab, start, envelopeEnd(slab.bytes, start));
  }

  #lengthOf(row: number): number {
    const position = this.#rows.cells[row + Note.Position] as number;
    const start = offsetOf(position);
    return envelopeEnd(this.slabs.at(position).bytes, start) - start;
  }

  /** Returns how many bytes it took. */
  #move(row: number): number {
    const { cells } = this.#rows;
    const position = cells[row + Note.Position] as number;
    const length = this.#lengthOf(row);
    const from = this.slabs.at(position);
    const start = offsetOf(position);
    const to = this.slabs.withRoom(length);
    cells[row + Note.Position] = positionOf(to, this.slabs.write(to, from.bytes, start, start + length));
    to.kept += length;
    this.slabs.forget(from, length);
    return length;
  }

  /** Lets the oldest note of its point go. The oldest of all is the oldest of its point, too. */
  #drop(row: number): void {
    const { cells } = this.#rows;
    const points = this.#points.rows.cells;
    const point = cells[row + Note.Point] as number;
    const length = this.#lengthOf(row);
    const older = cells[row + Note.Older] as number;
    const newer = cells[row + Note.Newer] as number;
    if (older === NO_ROW) this.#oldest = newer;
    else cells[older + Note.Newer] = newer;
    if (newer === NO_ROW) this.#newest = older;
    else cells[newer + Note.Older] = older;

    const newestHere = points[point + Point.NewestNote] as number;
    if (newestHere === row) points[point + Point.NewestNote] = NO_ROW;
    else cells[newestHere + Note.NextAtPoint] = cells[row + Note.NextAtPoint] as number;
    points[point + Point.NoteCount] = (points[point + Point.NoteCount] as number) - 1;
    this.bytes -= length;
    this.slabs.forget(this.slabs.at(cells[row + Note.Position] as number), length);
    if (row === this.#toMove) this.#toMove = newer;
    this.#forget?.(
      (cells[row + Note.SequenceHigh] as number) * 2 ** 32 + ((cells[row + Note.SequenceLow] as number) >>> 0),
    );
    this.#rows.release(row);
    this.#points.releaseIfUnused(point);
  }
}
