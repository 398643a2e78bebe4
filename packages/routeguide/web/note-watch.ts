import type { Client } from "@routeguide/grpc";
import type { LiveMap } from "routeguide/contract";
import type { Area } from "./area.js";
import { Backoff, sleep } from "./backoff.js";
import { isFinal } from "./failure.js";
import { interleave } from "./interleave.js";
import { type Note, NoteKeys, type ShownNote } from "./note.js";

export interface WatchEvents {
  /** What there is to show, the newest first, and which of it has come just now. What was kept is told at once. */
  changed(notes: readonly ShownNote[], arrived: readonly ShownNote[]): void;
  /** What was kept has come: from now on notes are new. */
  settled(): void;
  failed(error: unknown): void;
}

/** Notes that are kept may come in more than one piece; when nothing has come for so long, they are all here, */
const SETTLE_MS = 150;
/** and so they are after this: where notes are left all the time, it is never quiet. */
const SETTLED_MS = 1000;

/**
 * Watches the notes of some areas until it is stopped. A call that ends is made again, and then tells all of its notes anew:
 * they take the place of those before, so that nothing is shown twice and nothing that went missing meanwhile is lost.
 */
export class NoteWatch {
  readonly #client: Client<typeof LiveMap>;
  readonly #recent: number;
  readonly #events: WatchEvents;
  readonly #end = new AbortController();
  readonly #calls: readonly Watched[];
  #arrived: ShownNote[] = [];
  #isScheduled = false;

  /** @param recent how many of the notes that are kept to show, at most */
  constructor(client: Client<typeof LiveMap>, areas: readonly Area[], recent: number, events: WatchEvents) {
    this.#client = client;
    this.#recent = recent;
    this.#events = events;
    this.#calls = areas.map((area) => new Watched(area, recent));
    for (const call of this.#calls) void this.#follow(call);
  }

  stop(): void {
    this.#end.abort();
    for (const { settling } of this.#calls) clearTimeout(settling);
  }

  async #follow(call: Watched): Promise<void> {
    const { signal } = this.#end;
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        const request = { area: call.area, recent: this.#recent };
        const onHeader = () => {
          backoff.reset();
          call.begin();
          this.#settleSoon(call);
        };
        for await (const { location, message } of this.#client.watchNotes(request, {
          signal,
          onHeader,
          waitForReady: true,
        })) {
          if (location !== undefined) this.#take(call, { location, message });
        }
      } catch (error) {
        if (signal.aborted) return;
        if (isFinal(error)) {
          this.#events.failed(error);
          call.isSettled = true;
          this.#change();
          return;
        }
      }
      clearTimeout(call.settling);
      await sleep(backoff.nextMs(), signal);
    }
  }

  #take(call: Watched, note: Note): void {
    const shown = call.add(note);
    if (shown.isNew) {
      this.#arrived.push(shown);
      // A page that nobody sees draws no frames, and is told when it is seen again.
      if (this.#arrived.length > this.#recent) this.#arrived.shift();
      this.#change();
    } else {
      this.#settleSoon(call);
    }
  }

  #settleSoon(call: Watched): void {
    clearTimeout(call.settling);
    const leftMs = call.begun + SETTLED_MS - performance.now();
    call.settling = setTimeout(
      () => {
        call.isSettled = true;
        this.#change();
        if (this.#isSettled) this.#events.settled();
      },
      Math.max(0, Math.min(SETTLE_MS, leftMs)),
    );
  }

  get #isSettled(): boolean {
    return this.#calls.every(({ isSettled }) => isSettled);
  }

  /** Tells once, however many notes one read brings. */
  #change(): void {
    if (this.#isScheduled || !this.#isSettled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      // One of the calls has just begun anew: it tells when it has all.
      if (!this.#isSettled) return;
      const arrived = this.#arrived;
      this.#arrived = [];
      if (!this.#end.signal.aborted) this.#events.changed(this.#newestFirst(), arrived);
    });
  }

  #newestFirst(): ShownNote[] {
    const notes = interleave(this.#calls.map(({ notes }) => notes));
    // Of two areas nobody says whose notes are newer; those that came while the page looked on are.
    notes.sort((one, other) => Number(one.isNew) - Number(other.isNew));
    return notes.reverse().slice(0, this.#recent);
  }
}

/** One area's call, and what it has told, the latest of it. */
class Watched {
  readonly area: Area;
  readonly #most: number;
  notes: ShownNote[] = [];
  /** When its call began, in milliseconds. */
  begun = 0;
  isSettled = false;
  settling: ReturnType<typeof setTimeout> | undefined;
  #keys = new NoteKeys();

  constructor(area: Area, most: number) {
    this.area = area;
    this.#most = most;
  }

  begin(): void {
    this.notes = [];
    this.begun = performance.now();
    this.isSettled = false;
    this.#keys = new NoteKeys();
  }

  add(note: Note): ShownNote {
    const shown = { ...note, key: this.#keys.next(note), isNew: this.isSettled };
    this.notes.push(shown);
    const oldest = this.notes.length > this.#most ? this.notes.shift() : undefined;
    if (oldest !== undefined) this.#keys.forget(oldest);
    return shown;
  }
}
