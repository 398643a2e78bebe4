import { make } from "./elements.js";
import { KeyedList } from "./keyed-list.js";
import type { ShownNote } from "./note.js";
import { formatPoint } from "./point.js";

/** Notes as a list, each a button where they can be chosen. What has come just now stands out for a moment. */
export class NoteList {
  readonly #list: KeyedList<ShownNote>;
  readonly #none: HTMLElement;

  /** @param choose told which note was chosen; absent: they are only to be read */
  constructor(list: HTMLElement, none: HTMLElement, choose?: (note: ShownNote) => void) {
    this.#none = none;
    this.#list = new KeyedList(
      list,
      ({ key }) => key,
      (note) => entryOf(note, choose),
    );
  }

  show(notes: readonly ShownNote[]): void {
    this.#none.hidden = notes.length > 0;
    this.#list.show(notes);
  }
}

function entryOf(note: ShownNote, choose: ((note: ShownNote) => void) | undefined): HTMLElement {
  const className = note.isNew ? "new" : "";
  const message = make("span", "message", note.message);
  if (choose === undefined) return make("li", className, message);
  const button = make("button", "entry", message, make("span", "quiet", formatPoint(note.location)));
  button.type = "button";
  button.addEventListener("click", () => choose(note));
  return make("li", className, button);
}
