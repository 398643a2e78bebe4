import { Miss } from "../../check/miss.js";
import { reportFailure } from "../../report/failure.js";
import { timeline } from "../../report/timeline.js";
import { runSideBySide } from "../../run/side-by-side.js";
import { Recording } from "../../wire/recording.js";
import type { Command } from "../command.js";
import { paint } from "../terminal.js";

export const runBoth: Command = {
  usage: "run",
  help: "your server and your client side by side, and what travels",
  async run({ project, terminal, interrupt }) {
    const { cyan, magenta, dim, red } = paint(terminal);
    const names = { server: cyan("server |"), client: magenta("client |") };
    const recording = new Recording();
    try {
      const said = { line: (program: keyof typeof names, line: string) => terminal.print(`${names[program]} ${line}`) };
      const errors = await runSideBySide(project, recording, said, interrupt);
      for (const { file, line, text } of errors) terminal.print(red(`${file}:${line} ${text}`));
    } catch (error) {
      if (!(error instanceof Miss)) throw error;
      terminal.print(
        reportFailure({ title: "server.ts", miss: error, line: undefined, calls: [], events: [] }, terminal),
      );
      return 1;
    }
    const { calls, events } = recording;
    terminal.print();
    for (const line of timeline(calls, events, terminal.columns)) terminal.print(dim(line));
    return 0;
  },
};
