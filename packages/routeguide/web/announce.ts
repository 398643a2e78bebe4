import { byId } from "./elements.js";
import type { ShownNote } from "./note.js";

/** Has those hear of it who do not see the page, when they have heard what they are hearing. */
export function announce(text: string): void {
  byId("p", "announcement").textContent = text;
}

/** What is said may take so long to listen to: notes that arrive meanwhile are told together. */
const LISTENING_MS = 4_000;

/** Announces notes as they arrive: one with its message, more than one by their number. */
export class NoteAnnouncer {
  #count = 0;
  #latest = "";
  #listening: ReturnType<typeof setTimeout> | undefined;

  arrived(notes: readonly ShownNote[]): void {
    this.#count += notes.length;
    this.#latest = notes.at(-1)?.message ?? this.#latest;
    if (this.#listening === undefined) this.#tell();
  }

  #tell(): void {
    this.#listening = undefined;
    if (this.#count === 0) return;
    announce(this.#count === 1 ? `New note: ${this.#latest}` : `${this.#count.toLocaleString("en")} new notes`);
    this.#count = 0;
    this.#listening = setTimeout(() => this.#tell(), LISTENING_MS);
  }
}
