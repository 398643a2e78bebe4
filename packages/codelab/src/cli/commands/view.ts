import { once } from "node:events";
import { watchSaves } from "../../project/saves.js";
import { Session } from "../../view/session.js";
import { openView } from "../../view/view-server.js";
import { type Command, UsageError } from "../command.js";

export const view: Command = {
  usage: "view [PORT]",
  help: "a page with the text, and a picture of each stream",
  async run({ project, terminal, interrupt, args }) {
    const port = Number(args[0] ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(`${args[0]} is no port`);
    const session = new Session(project, interrupt);
    await using page = await openView(session, port);
    terminal.print(`Open ${page.url} in your browser. Your files are checked whenever you save; Ctrl-C ends it.`);
    const stop = watchSaves(project, () => void session.start("check"));
    await session.start("check");
    if (!interrupt.aborted) await once(interrupt, "abort");
    stop();
    return 0;
  },
};
