/** What a check found: the learner's program did something else than it should. */

/** Something to look for in one of the learner's files, to name the line. */
export interface Suspect {
  readonly file: string;
  /** Its number, or what it says: the first that matches is named. */
  readonly line: RegExp | number;
}

export interface MissDetails {
  /** What should have happened. */
  readonly expected?: string;
  /** What did. */
  readonly seen?: string;
  /** What the program printed or a compiler said: shown as it is, up to some lines. */
  readonly printed?: string;
  readonly at?: Suspect;
}

export class Miss extends Error {
  readonly details: MissDetails;

  /** @param message one sentence: what is wrong, in the learner's words */
  constructor(message: string, details: MissDetails = {}) {
    super(message);
    this.details = details;
  }
}

/** @throws {Miss} with both values, unless they are equal as JSON */
export function expectSame(seen: unknown, expected: unknown, message: string, at?: Suspect): void {
  const [is, should] = [show(seen), show(expected)];
  if (is !== should) throw new Miss(message, { expected: should, seen: is, ...(at !== undefined && { at }) });
}

/** Longer than this, JSON takes more than a line. */
const LINE = 70;

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string" && value !== "") return value;
  const line = JSON.stringify(value);
  return line.length > LINE ? JSON.stringify(value, undefined, 1) : line;
}
