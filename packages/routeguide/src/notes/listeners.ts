import type { Mailbox, MailboxFault } from "./mailbox.js";
import type { NoteLimits } from "./note-limits.js";
import { type NotePoints, Point } from "./note-points.js";
import { NO_ROW, Rows } from "./rows.js";
import type { Slab } from "./slab.js";

/** The cells of a row that says: this mailbox hears of this point. */
const Heard = { Point: 0, Next: 1, Before: 2, NextOfMailbox: 3, Mailbox: 4 } as const;
const WIDTH = 5;

/** Which mailboxes hear of which points. */
export class Listeners {
  readonly #points: NotePoints;
  readonly #limits: NoteLimits;
  readonly #rows = new Rows(WIDTH);
  /** Those that hear of something, by their numbers: a reference a row would be work for the garbage collector. */
  readonly #mailboxes: (Mailbox | undefined)[] = [];
  readonly #freeNumbers: number[] = [];

  constructor(points: NotePoints, limits: NoteLimits) {
    this.#points = points;
    this.#limits = limits;
  }

  /** How many pairs of point and mailbox there are. */
  get count(): number {
    return this.#rows.count;
  }

  /**
   * Offers an envelope to everyone who hears of a point but its poster. A mailbox that has no room is closed.
   *
   * @returns whether the poster hears of the point: this pass over the listeners is the only look-up of that
   */
  tell(point: number, slab: Slab, start: number, end: number, poster: Mailbox | undefined): boolean {
    const { cells } = this.#rows;
    let posterHears = false;
    let row = this.#points.rows.cells[point + Point.FirstListener] as number;
    while (row !== NO_ROW) {
      const next = cells[row + Heard.Next] as number;
      const mailbox = this.#mailboxes[cells[row + Heard.Mailbox] as number] as Mailbox;
      if (mailbox === poster) posterHears = true;
      else if (!mailbox.offer(slab, start, end)) this.#end(mailbox, "full");
      row = next;
    }
    return posterHears;
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
    const row = this.#rows.take();
    const { cells } = this.#rows;
    const points = this.#points.rows.cells;
    const first = points[point + Point.FirstListener] as number;
    cells[row + Heard.Point] = point;
    cells[row + Heard.Next] = first;
    cells[row + Heard.Before] = NO_ROW;
    cells[row + Heard.NextOfMailbox] = mailbox.firstHeard;
    if (first !== NO_ROW) cells[first + Heard.Before] = row;
    points[point + Point.FirstListener] = row;
    cells[row + Heard.Mailbox] = mailbox.number;
    mailbox.firstHeard = row;
    mailbox.heard++;
  }

  /** The mailbox hears of nothing any more. */
  remove(mailbox: Mailbox): void {
    if (mailbox.heard === 0) return;
    this.#mailboxes[mailbox.number] = undefined;
    this.#freeNumbers.push(mailbox.number);
    const { cells } = this.#rows;
    let row = mailbox.firstHeard;
    mailbox.firstHeard = NO_ROW;
    mailbox.heard = 0;
    while (row !== NO_ROW) {
      const point = cells[row + Heard.Point] as number;
      const next = cells[row + Heard.Next] as number;
      const before = cells[row + Heard.Before] as number;
      const nextOfMailbox = cells[row + Heard.NextOfMailbox] as number;
      if (before === NO_ROW) this.#points.rows.cells[point + Point.FirstListener] = next;
      else cells[before + Heard.Next] = next;
      if (next !== NO_ROW) cells[next + Heard.Before] = before;
      this.#rows.release(row);
      this.#points.releaseIfUnused(point);
      row = nextOfMailbox;
    }
  }

  /** Why the mailbox may not hear of one point more. */
  #faultOf(mailbox: Mailbox): MailboxFault | undefined {
    if (mailbox.heard >= this.#limits.pointsPerStream) return "too-many-points";
    return this.#rows.count >= this.#limits.pointsHeard ? "too-many-listeners" : undefined;
  }

  #end(mailbox: Mailbox, fault: MailboxFault): void {
    this.remove(mailbox);
    mailbox.close(fault);
  }
}
