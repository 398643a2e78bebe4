import type { Mailbox, MailboxFault } from "./mailbox.js";
import type { NoteLimits } from "./note-limits.js";
import { NOBODY, type NotePoints, Point } from "./note-points.js";
import { NO_ROW, Rows } from "./rows.js";
import type { Slab } from "./slab.js";

/** The cells of a row that says: this mailbox hears of this point. */
const Heard = { Point: 0, Next: 1, Before: 2, NextOfMailbox: 3, Mailbox: 4 } as const;
const WIDTH = 5;

/**
 * Which mailboxes hear of which points. At most points one does, which is written into the point's own row. Where a second begins
 * to, each has a row here.
 */
export class Listeners {
  /** How many pairs of point and mailbox there are. */
  count = 0;
  readonly #points: NotePoints;
  readonly #limits: NoteLimits;
  readonly #rows: Rows;
  /** Those that hear of something, by their numbers: a reference a row would be work for the garbage collector. */
  readonly #mailboxes: (Mailbox | undefined)[] = [undefined];
  readonly #freeNumbers: number[] = [];

  constructor(points: NotePoints, limits: NoteLimits) {
    this.#points = points;
    this.#limits = limits;
    this.#rows = new Rows(WIDTH, limits.pointsHeard);
  }

  /**
   * Offers an envelope to everyone who hears of a point but its poster. A mailbox that has no room is closed.
   *
   * @returns whether the poster hears of the point: this pass over the listeners is the only look-up of that
   */
  tell(point: number, slab: Slab, start: number, end: number, poster: Mailbox | undefined): boolean {
    const hearers = this.#points.rows.cells[point + Point.Hearers] as number;
    if (hearers >= 0) return hearers !== NOBODY && this.#tell(hearers, slab, start, end, poster);
    const { cells } = this.#rows;
    let posterHears = false;
    for (let row = -hearers; row !== NO_ROW; ) {
      const next = cells[row + Heard.Next] as number;
      if (this.#tell(cells[row + Heard.Mailbox] as number, slab, start, end, poster)) posterHears = true;
      row = next;
    }
    return posterHears;
  }

  /** Returns whether it is the poster's mailbox, which is not told. */
  #tell(number: number, slab: Slab, start: number, end: number, poster: Mailbox | undefined): boolean {
    const mailbox = this.#mailboxes[number] as Mailbox;
    if (mailbox === poster) return true;
    if (!mailbox.offer(slab, start, end)) this.#end(mailbox, "full");
    return false;
  }

  /** From now on the mailbox, which does not yet, hears of the point. At a bound it is closed instead. */
  add(point: number, mailbox: Mailbox): void {
    const fault = this.#faultOf(mailbox);
    if (fault !== undefined) {
      this.#end(mailbox, fault);
      return;
    }
    if (mailbox.heard === 0) {
      mailbox.number = this.#freeNumbers.pop() ?? this.#mailboxes.length;
      this.#mailboxes[mailbox.number] = mailbox;
    }
    mailbox.heard++;
    this.count++;
    const points = this.#points.rows.cells;
    const hearers = points[point + Point.Hearers] as number;
    if (hearers === NOBODY) {
      points[point + Point.Hearers] = mailbox.number;
      points[point + Point.NextOfHearer] = mailbox.firstPoint;
      mailbox.firstPoint = point;
      return;
    }
    // The one that was alone stays in its list of points, which it leaves all at once.
    if (hearers > 0) this.#addRow(point, this.#mailboxes[hearers] as Mailbox, NO_ROW);
    this.#addRow(point, mailbox, -(points[point + Point.Hearers] as number));
  }

  /** @param next the first row of the others who hear of the point, or NO_ROW */
  #addRow(point: number, mailbox: Mailbox, next: number): void {
    const row = this.#rows.take();
    const { cells } = this.#rows;
    cells[row + Heard.Point] = point;
    cells[row + Heard.Next] = next;
    cells[row + Heard.Before] = NO_ROW;
    cells[row + Heard.NextOfMailbox] = mailbox.firstHeard;
    cells[row + Heard.Mailbox] = mailbox.number;
    if (next !== NO_ROW) cells[next + Heard.Before] = row;
    this.#points.rows.cells[point + Point.Hearers] = -row;
    mailbox.firstHeard = row;
  }

  /** The mailbox hears of nothing any more. */
  remove(mailbox: Mailbox): void {
    if (mailbox.heard === 0) return;
    this.#mailboxes[mailbox.number] = undefined;
    this.#freeNumbers.push(mailbox.number);
    this.count -= mailbox.heard;
    mailbox.heard = 0;
    this.#removeFromPoints(mailbox);
    this.#removeRows(mailbox);
  }

  #removeFromPoints(mailbox: Mailbox): void {
    const points = this.#points.rows.cells;
    for (let point = mailbox.firstPoint; point !== NO_ROW; ) {
      const next = points[point + Point.NextOfHearer] as number;
      if (points[point + Point.Hearers] === mailbox.number) {
        points[point + Point.Hearers] = NOBODY;
        this.#points.releaseIfUnused(point);
      }
      point = next;
    }
    mailbox.firstPoint = NO_ROW;
  }

  #removeRows(mailbox: Mailbox): void {
    const { cells } = this.#rows;
    for (let row = mailbox.firstHeard; row !== NO_ROW; ) {
      const point = cells[row + Heard.Point] as number;
      const next = cells[row + Heard.Next] as number;
      const before = cells[row + Heard.Before] as number;
      const nextOfMailbox = cells[row + Heard.NextOfMailbox] as number;
      if (before === NO_ROW) this.#points.rows.cells[point + Point.Hearers] = -next;
      else cells[before + Heard.Next] = next;
      if (next !== NO_ROW) cells[next + Heard.Before] = before;
      this.#rows.release(row);
      this.#points.releaseIfUnused(point);
      row = nextOfMailbox;
    }
    mailbox.firstHeard = NO_ROW;
  }

  /** Why the mailbox may not hear of one point more. */
  #faultOf(mailbox: Mailbox): MailboxFault | undefined {
    if (mailbox.heard >= this.#limits.pointsPerStream) return "too-many-points";
    return this.count >= this.#limits.pointsHeard ? "too-many-listeners" : undefined;
  }

  #end(mailbox: Mailbox, fault: MailboxFault): void {
    this.remove(mailbox);
    mailbox.close(fault);
  }
}
