import type { Arena } from "./arena.js";
import type { Run } from "./run.js";

/** Below this, copying costs less than another write of the response would. */
const SMALL_BYTES = 4 * 1024;
/** What is gathered into one run. */
const GATHERED_BYTES = 64 * 1024;

/**
 * The runs of some intervals of an arena. Where a rectangle's edge cuts features into many small runs, they are copied together.
 *
 * @param intervals first index and the one behind the last, in turn
 */
export function* gatheredRuns(arena: Arena, intervals: Int32Array): Generator<Run, void, undefined> {
  let small: Run[] = [];
  let smallBytes = 0;
  for (let i = 0; i < intervals.length; i += 2) {
    const end = intervals[i + 1] as number;
    for (let first = intervals[i] as number; first < end; ) {
      const run = arena.run(first, end);
      first += run.count;
      const bytes = run.end - run.start;
      if (smallBytes > 0 && (bytes >= SMALL_BYTES || smallBytes + bytes > GATHERED_BYTES)) {
        yield joined(small, smallBytes);
        small = [];
        smallBytes = 0;
      }
      if (bytes >= SMALL_BYTES) {
        yield run;
      } else {
        small.push(run);
        smallBytes += bytes;
      }
    }
  }
  if (smallBytes > 0) yield joined(small, smallBytes);
}

function joined(runs: readonly Run[], size: number): Run {
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(size);
  let at = 0;
  let count = 0;
  for (const run of runs) {
    bytes.set(run.bytes.subarray(run.start, run.end), at);
    at += run.end - run.start;
    count += run.count;
  }
  return { bytes, start: 0, end: size, count };
}
