/** What happened on a stream, as a sequence diagram in text. */
import { OWN_CLIENT, type RecordedCall, type WireEvent } from "../wire/recording.js";
import { type Drawn, shorten } from "../wire/shorten.js";
import { clip } from "./wrap.js";

/** Lines of at most so many columns. */
export function timeline(calls: readonly RecordedCall[], events: readonly WireEvent[], columns: number): string[] {
  return calls.flatMap((call) => {
    const own = events.filter((event) => event.call === call.id);
    const inner = columns - 4;
    const isOwn = call.caller === OWN_CLIENT;
    const [left, right] = isOwn
      ? [`${OWN_CLIENT}: ${call.method}`, "the lab"]
      : [`${call.caller}: ${call.method}`, "your server"];
    const head = ` ${left.padEnd(inner - right.length)} ${right}`;
    return [head, ...shorten(own).map((line) => ` |${arrow(line, inner - 2)}|`)];
  });
}

function arrow({ from, kind, text }: Drawn, width: number): string {
  const words = kind === "trailers" ? `status ${text}` : kind === "reset" ? `RESET ${text}` : text;
  const label = clip(words.replaceAll(/\s+/g, " "), width - 8);
  const line = "-".repeat(Math.max(0, width - 6 - label.length));
  return from === "client" ? `-- ${label} ${line}->` : `<- ${label} ${line}--`;
}
