/** What bounds the notes that a server keeps, and the memory that its chats may take. */
export interface NoteLimits {
  /** Bytes of a note's message in UTF-8. A longer one is refused. */
  readonly messageBytes: number;
  /** Notes kept at one point. Past it the oldest there goes. */
  readonly notesPerPoint: number;
  /** Notes kept in all. Past it the oldest goes, wherever it is. Each takes some 60 bytes beside its envelope. */
  readonly notes: number;
  /** Bytes of envelopes kept in all. Past it the oldest note goes, wherever it is. Up to 2.25 times as much is reserved. */
  readonly bytes: number;
  /** Points that one stream may hear of. A stream that posts at one more is ended. */
  readonly pointsPerStream: number;
  /** Points that all streams together may hear of, each counted once a stream. The stream that wants one more is ended. */
  readonly pointsHeard: number;
  /** Streams that may watch an area. Each is looked at for each note. One more is refused. */
  readonly watchers: number;
  /**
   * Bytes of envelopes from others that may wait for a stream that does not read. At one note more it is ended. What its own notes
   * bring may wait beside, up to 5 times as much and the replies to one note; the rest of its notes is not taken in before.
   */
  readonly mailboxBytes: number;
}

export const DEFAULT_NOTE_LIMITS: NoteLimits = Object.freeze({
  messageBytes: 4096,
  notesPerPoint: 64,
  notes: 1_000_000,
  bytes: 64 * 1024 * 1024,
  pointsPerStream: 65_536,
  pointsHeard: 1_000_000,
  watchers: 1000,
  mailboxBytes: 1024 * 1024,
});

/** A bound may be this large at most. */
const HIGHEST = 2 ** 27;
/**
 * The same where each takes a row. Points have rows, too, of 24 bytes, and there may be as many as notes and pairs of a stream and a
 * point together: they fit into the 4 GiB that an array buffer may have on every version of Node.
 */
const MOST_ROWS = 2 ** 25;
/** What an envelope may have around its message: its prefix, two tags with lengths, and a location of 22 bytes. */
export const MAX_FRAME_BYTES = 64;

/**
 * The defaults with some of them replaced.
 *
 * @throws {RangeError} if a bound is not a whole number from 1 to 2^27, or to 2^25 for `notes` and `pointsHeard`, or if `bytes`
 *   cannot hold one note
 */
export function noteLimits(changes: Partial<NoteLimits> = {}): NoteLimits {
  const limits = { ...DEFAULT_NOTE_LIMITS, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    const highest = name === "notes" || name === "pointsHeard" ? MOST_ROWS : HIGHEST;
    if (!Number.isInteger(value) || value < 1 || value > highest) {
      throw new RangeError(`${name} is ${value}: expected a whole number from 1 to ${highest}`);
    }
  }
  if (limits.bytes < limits.messageBytes + MAX_FRAME_BYTES) {
    throw new RangeError(
      `bytes is ${limits.bytes}: expected at least messageBytes + ${MAX_FRAME_BYTES}, so that one note fits`,
    );
  }
  return Object.freeze(limits);
}
