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
  readonly #counts = new Map<string, number>();

  next({ location, message }: Note): string {
    const text = `${keyOf(location)} ${message}`;
    const count = (this.#counts.get(text) ?? 0) + 1;
    this.#counts.set(text, count);
    return `${count} ${text}`;
  }
}
