/** Waits between attempts that fail: each longer than the last, so that a server that comes back is not run over. */
export class Backoff {
  #failures = 0;

  /** An attempt has gone well: the next wait is the first again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Milliseconds to wait after another attempt that failed. */
  nextMs(random: () => number = Math.random): number {
    const waitMs = Math.min(MAX_MS, FIRST_MS * GROWTH ** this.#failures++);
    return waitMs * (1 - JITTER + 2 * JITTER * random());
  }
}

/** Resolves after the wait, or as soon as nobody wants to wait any more. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

const FIRST_MS = 300;
const GROWTH = 1.6;
const MAX_MS = 10_000;
/** The part of itself by which a wait varies, so that pages do not come back together. */
const JITTER = 0.2;
