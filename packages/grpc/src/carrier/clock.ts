/** Time and chance, passed in so that tests own them. */
export interface Clock {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  /** Calls back once after so many milliseconds, Infinity: never, unless the returned function was called before. */
  after(ms: number, callback: () => void): () => void;
  /** At least 0, less than 1. */
  random(): number;
}

/** Timers of more, 24 days, would call back at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    if (ms === Number.POSITIVE_INFINITY) return () => {};
    const timer = setTimeout(callback, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
