import type { WireEvent } from "./recording.js";

/** What of an event is drawn. */
export type Drawn = Pick<WireEvent, "atMs" | "from" | "kind" | "text">;

/** Messages in a row of which only the first two and the last are drawn. */
const LONG_RUN = 6;

/** Leaves out the middle of long runs of messages. */
export function shorten(events: readonly WireEvent[]): Drawn[] {
  const drawn: Drawn[] = [];
  for (let i = 0; i < events.length; ) {
    const first = events[i];
    if (first === undefined) break;
    let end = i + 1;
    while (first.kind === "message" && events[end]?.kind === "message" && events[end]?.from === first.from) end++;
    const run = events.slice(i, end);
    const last = run.at(-1);
    if (run.length > LONG_RUN && last !== undefined) {
      drawn.push(...run.slice(0, 2), { ...first, text: `... ${run.length - 3} more ...` }, last);
    } else {
      drawn.push(...run);
    }
    i = end;
  }
  return drawn;
}
