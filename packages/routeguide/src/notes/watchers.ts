import { contains, type Rectangle } from "../geo/rectangle.js";
import type { Mailbox, MailboxFault } from "./mailbox.js";
import type { NoteLimits } from "./note-limits.js";
import type { Slab } from "./slab.js";

/** Which mailboxes hear of every note in an area, wherever in it somebody posts. Each note is held against each area. */
export class Watchers {
  readonly #limits: NoteLimits;
  readonly #areas = new Map<Mailbox, Rectangle>();
  #isStopped = false;

  constructor(limits: NoteLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#areas.size;
  }

  /** From now on the mailbox hears of the area. At the bound, and after `stop()`, it is closed instead. */
  add(mailbox: Mailbox, area: Rectangle): void {
    if (this.#isStopped) mailbox.close("stopping");
    else if (this.#areas.size >= this.#limits.watchers) mailbox.close("too-many-watchers");
    else this.#areas.set(mailbox, area);
  }

  /** Offers an envelope to everyone in whose area it is. A mailbox that has no room is closed. */
  tell(latitude: number, longitude: number, slab: Slab, start: number, end: number): void {
    for (const [mailbox, area] of this.#areas) {
      if (contains(area, latitude, longitude) && !mailbox.offer(slab, start, end)) this.#end(mailbox, "full");
    }
  }

  remove(mailbox: Mailbox): void {
    this.#areas.delete(mailbox);
  }

  /** Closes all, because the server stops: they would wait for notes for ever. */
  stop(): void {
    this.#isStopped = true;
    for (const mailbox of this.#areas.keys()) this.#end(mailbox, "stopping");
  }

  #end(mailbox: Mailbox, fault: MailboxFault): void {
    this.remove(mailbox);
    mailbox.close(fault);
  }
}
