import { Miss } from "../../check/miss.js";
import { PATIENCE } from "../../check/patience.js";
import { reportFailure } from "../../report/failure.js";
import { timeline } from "../../report/timeline.js";
import { wrap } from "../../report/wrap.js";
import { runTold } from "../../view/jobs.js";
import { PageLink } from "../../view/page-link.js";
import { Recording } from "../../wire/recording.js";
import type { Command } from "../command.js";
import { paint } from "../terminal.js";

/** Calls that are drawn at the end: what fits on a screen or three. */
const DRAWN_CALLS = 12;

export const runBoth: Command = {
  usage: "run",
  help: "server and client side by side, and what travels",
  // The server gets a chance to stop well.
  graceMs: PATIENCE.probe + PATIENCE.answer,
  async run({ project, terminal, interrupt }) {
    const { cyan, magenta, dim, yellow } = paint(terminal);
    const names = { server: cyan("server |"), client: magenta("client |") };
    const room = terminal.columns - "server | ".length;
    const recording = new Recording();
    let isWell = true;
    const said = {
      line(side: keyof typeof names, line: string) {
        for (const row of wrap(line, room)) terminal.print(`${names[side]} ${row}`.trimEnd());
      },
      note(text: string) {
        for (const row of wrap(text, terminal.columns)) terminal.print(yellow(row));
      },
    };
    terminal.print(dim("Your server and your client, until the client has ended or Ctrl-C stops both."));
    await using page = new PageLink(project);
    try {
      isWell = await runTold(project, recording, said, interrupt, page.tell);
    } catch (error) {
      if (!(error instanceof Miss)) throw error;
      const title = "your server and your client run";
      terminal.print(reportFailure({ title, miss: error, line: undefined, calls: [], events: [] }, terminal));
      return 1;
    }
    const { calls, events } = recording;
    terminal.print();
    for (const row of timeline(calls.slice(0, DRAWN_CALLS), events, terminal.columns)) terminal.print(dim(row));
    if (calls.length > DRAWN_CALLS) terminal.print(dim(`... and ${calls.length - DRAWN_CALLS} more calls`));
    return isWell ? 0 : 1;
  },
};
