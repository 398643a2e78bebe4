/** What happened on a stream, as a sequence diagram in text. */
import type { RecordedCall, WireEvent } from "../wire/recording.js";

/** Messages in a row of which only the first and the last are drawn. */
const LONG_RUN = 6;

/** Lines of at most so many columns. */
export function timeline(calls: readonly RecordedCall[], events: readonly WireEvent[], columns: number): string[] {
  return calls.flatMap((call) => {
    const own = events.filter((event) => event.call === call.id);
    const inner = columns - 4;
    const title = `${call.caller}'s ${call.method}`;
    const head = ` ${title.padEnd(inner - "your server".length - 2)}your server`;
    return [head, ...shorten(own).map((line) => ` |${arrow(line, inner - 2)}|`)];
  });
}

type Drawn = Pick<WireEvent, "from" | "kind" | "text">;

/** Leaves out the middle of long runs of messages. */
function shorten(events: readonly WireEvent[]): Drawn[] {
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

function arrow({ from, kind, text }: Drawn, width: number): string {
  const label = ` ${kind === "trailers" ? `status ${text}` : kind === "reset" ? `RESET ${text}` : text} `;
  const room = width - 6;
  const shown = label.length > room ? `${label.slice(0, room - 4)}... ` : label;
  const line = "-".repeat(Math.max(0, width - 4 - shown.length));
  return from === "client" ? `--${shown}${line}->` : `<-${shown}${line}--`;
}
