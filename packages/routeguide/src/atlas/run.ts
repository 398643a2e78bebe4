/** Finished envelopes of features, one behind the other: bytes[start, end). They never change. */
export interface Run {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** How many envelopes. */
  readonly count: number;
}
