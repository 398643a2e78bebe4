/** A failure in the terminal: what was expected and seen, what happened on the wire, where to look. */
import colors from "picocolors";
import type { Failure } from "../check/run-step.js";
import { timeline } from "./timeline.js";
import { clip, wrap } from "./wrap.js";

export interface Look {
  readonly columns: number;
  readonly color: boolean;
}

/** Lines of a program's output that are shown: the last ones say most. */
const SHOWN_LINES = 12;
/** Frames of a stack that are shown: those that follow led there. */
const SHOWN_FRAMES = 3;
const FRAME = /^\s+at /;
/** Frames of a stack in which the learner has written nothing, and Node's version. */
const NOISE = /^\s+at .*(?:node:|[/\\]node_modules[/\\])|^Node\.js v\d/;

export function reportFailure({ title, miss, line, calls, events }: Failure, { columns, color }: Look): string {
  const { red, bold, dim, cyan } = colors.createColors(color);
  const { expected, seen, printed = "" } = miss.details;
  const block = (name: string, text: string) => [bold(name), ...wrap(text, columns - 2).map((row) => `  ${row}`)];
  const output = telling(printed).slice(-SHOWN_LINES);
  return [
    `${red("x")} ${wrap(title, columns - 2).join("\n  ")}`,
    "",
    ...wrap(miss.message, columns).map((row) => red(row)),
    ...(expected === undefined ? [] : block("expected", expected)),
    ...(seen === undefined ? [] : block("seen", seen)),
    ...(output.length === 0 ? [] : block("printed", output.join("\n"))),
    ...(calls.length === 0 ? [] : [bold("on the wire"), ...timeline(calls, events, columns).map((row) => dim(row))]),
    ...(line === undefined
      ? []
      : [`${bold("look at")} ${cyan(`${line.file}:${line.line}`)}`, `  ${clip(line.text.trim(), columns - 2)}`]),
    "",
  ].join("\n");
}

/** What a program printed, without empty lines and without what a stack says too much. */
function telling(printed: string): string[] {
  let frames = 0;
  return printed.split("\n").filter((line) => {
    if (line.trim() === "" || NOISE.test(line)) return false;
    frames = FRAME.test(line) ? frames + 1 : 0;
    return frames <= SHOWN_FRAMES;
  });
}
