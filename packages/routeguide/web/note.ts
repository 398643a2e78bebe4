import { keyOf, type Point } from "./point.js";

/** A message that somebody has left at a point. */
export interface Note {
  readonly location: Point;
  readonly message: string;
}

/** A note as it is shown. */
export interface ShownNote extends Note {
  /** One text for each note that is shown, the same again when the server tells of it again. */
  readonly key: string;
  /** Whether it came while the page looked on. */
  readonly isNew: boolean;
}

/** Gives each note its key. Nobody numbers notes, so of equal ones the first is the first, the next the second. */
export class NoteKeys {
  /** How many keys equal notes were given, and how many of these are still shown. */
  readonly #counts = new Map<string, { given: number; shown: number }>();

  next(note: Note): string {
    const text = textOf(note);
    const { given, shown } = this.#counts.get(text) ?? { given: 0, shown: 0 };
    this.#counts.set(text, { given: given + 1, shown: shown + 1 });
    return `${given + 1} ${text}`;
  }

  /** One of the notes that are equal to this one is not shown any more. */
  forget(note: Note): void {
    const count = this.#counts.get(textOf(note));
    if (count !== undefined && --count.shown === 0) this.#counts.delete(textOf(note));
  }
}

const textOf = ({ location, message }: Note): string => `${keyOf(location)} ${message}`;
