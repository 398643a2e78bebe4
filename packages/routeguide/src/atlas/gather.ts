import type { Arena } from "./arena.js";
import type { Intervals } from "./intervals.js";
import type { Run } from "./run.js";

/** Below this, copying costs less than another write of the response would. */
const SMALL_BYTES = 4 * 1024;
/** What is gathered into one run. */
const GATHERED_BYTES = 64 * 1024;
/** Answers of up to so many features are tried as one run. */
const SMALL_FEATURES = 512;

/** Small answers are copied here, one behind the other. What was written never changes: a full slab is replaced. */
let slab = new Uint8Array(0);
let slabView = new DataView(slab.buffer);
let used = 0;

/**
 * The runs of some intervals of an arena. Where a rectangle's edge cuts features into many small runs, they are copied together;
 * the answer to a small rectangle is one run.
 *
 * @param intervals may change once this has returned
 */
export function gatheredRuns(arena: Arena, intervals: Intervals): Iterable<Run> {
  if (intervals.size === 0) return NOTHING;
  const run = intervals.length > 2 && intervals.size <= SMALL_FEATURES ? oneRun(arena, intervals) : undefined;
  return run === undefined ? manyRuns(arena, intervals.copy()) : [run];
}

const NOTHING: readonly Run[] = [];

/** All intervals copied together, if that is not more than one run should hold. */
function oneRun(arena: Arena, intervals: Intervals): Run | undefined {
  let start = used;
  let end = copyAll(arena, intervals, start);
  if (end < 0) {
    slab = new Uint8Array(GATHERED_BYTES);
    slabView = new DataView(slab.buffer);
    start = 0;
    end = copyAll(arena, intervals, start);
    if (end < 0) return undefined;
  }
  used = end;
  return { bytes: slab, start, end, count: intervals.size };
}

/** Copies all intervals to the slab. Returns the position behind them, or -1 if there is no room. */
function copyAll(arena: Arena, { bounds, length }: Intervals, at: number): number {
  for (let i = 0; i < length && at >= 0; i += 2) {
    at = arena.copy(bounds[i] as number, bounds[i + 1] as number, slab, slabView, at);
  }
  return at;
}

function* manyRuns(arena: Arena, intervals: Int32Array): Generator<Run, void, undefined> {
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
