import type { Client } from "@routeguide/grpc";
import type { LiveMap, RouteGuide } from "routeguide/contract";
import { byId, say } from "./elements.js";
import { sentenceOf } from "./failure.js";
import { NoteForm } from "./note-form.js";
import { NoteList } from "./note-list.js";
import { NoteWatch } from "./note-watch.js";
import { partsOf } from "./place.js";
import { formatPoint, type Point } from "./point.js";

/** Notes of one point that are shown; by default a server keeps 64. */
const MAX_NOTES = 100;
/** How long to wait for a name. */
const TIMEOUT_MS = 10_000;

interface Clients {
  /** For calls that end. */
  readonly guide: Client<typeof RouteGuide>;
  /** For calls that stay, or stream to the server. */
  readonly chat: Client<typeof RouteGuide>;
  readonly liveMap: Client<typeof LiveMap>;
}

/** What there is to know of the point that was chosen, and to leave there. */
export class ChosenPoint {
  readonly #clients: Clients;
  readonly #changed: (point: Point | undefined) => void;
  readonly #section = byId("section", "chosen");
  readonly #name = byId("h2", "chosen-name");
  readonly #notes = new NoteList(byId("ol", "here"), byId("p", "here-none"));
  readonly #form: NoteForm;
  #watch: NoteWatch | undefined;
  #point: Point | undefined;
  /** Who had the focus when the point was chosen, and gets it back. */
  #chooser: Element | null = null;

  /** @param changed told where the chosen point is; undefined: none is chosen any more */
  constructor(clients: Clients, changed: (point: Point | undefined) => void) {
    this.#clients = clients;
    this.#changed = changed;
    this.#form = new NoteForm(clients.chat);
    byId("button", "chosen-close").addEventListener("click", () => this.close());
    this.#section.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.close();
    });
  }

  /**
   * @param name undefined: the server is asked
   * @param takesFocus whether to go on reading there
   */
  choose(point: Point, name: string | undefined, takesFocus: boolean): void {
    this.#point = point;
    this.#watch?.stop();
    this.#notes.show([]);
    this.#watch = new NoteWatch(this.#clients.liveMap, [{ lo: point, hi: point }], MAX_NOTES, {
      // Here they are read like a conversation, the oldest first.
      changed: (notes) => this.#notes.show(notes.toReversed()),
      settled: () => {},
      failed: (error) => say(byId("p", "note-failure"), sentenceOf("The notes here cannot be read", error)),
    });
    this.#form.aim(point);
    this.#call(name ?? "");
    if (name === undefined) void this.#ask(point);
    byId("p", "chosen-point").textContent = formatPoint(point);
    if (takesFocus && !this.#section.contains(document.activeElement)) this.#chooser = document.activeElement;
    this.#section.hidden = false;
    if (takesFocus) this.#name.focus();
    else this.#section.scrollIntoView({ block: "nearest" });
    this.#changed(point);
  }

  close(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#point = undefined;
    this.#section.hidden = true;
    if (this.#chooser instanceof HTMLElement && this.#chooser.isConnected) this.#chooser.focus();
    this.#chooser = null;
    this.#changed(undefined);
  }

  /** A point that is not on a list may have a name all the same. */
  async #ask(point: Point): Promise<void> {
    try {
      const { name } = await this.#clients.guide.getFeature(point, { timeoutMs: TIMEOUT_MS });
      if (this.#point === point) this.#call(name);
    } catch {
      // It stays a point without a name. What the matter is the line of the connection says.
    }
  }

  #call(name: string): void {
    const [first, region] = partsOf(name);
    this.#name.textContent = first === "" ? "A point without a name" : first;
    say(byId("p", "chosen-region"), region);
  }
}
