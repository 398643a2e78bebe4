import { once } from "node:events";
import { watchProgress, watchSaves } from "../../project/saves.js";
import { wrap } from "../../report/wrap.js";
import { announcePage } from "../../view/page-link.js";
import { Session } from "../../view/session.js";
import { openView, type View } from "../../view/view-server.js";
import { type Command, UsageError } from "../command.js";
import { openBrowser } from "../open-browser.js";

const OPEN = "--open";

export const view: Command = {
  usage: "view [PORT] [--open]",
  help: "a page with the text, and a picture of each stream",
  // What runs is ended, and no other terminal looks for the page any more.
  graceMs: 1_000,
  async run({ project, terminal, interrupt, args }) {
    const port = portOf(args.filter((arg) => arg !== OPEN));
    const say = (text: string) => terminal.print(wrap(text, terminal.columns).join("\n"));
    const session = new Session(project, interrupt);
    await using page = await openOn(session, port);
    const stops = [
      announcePage(project, page),
      watchSaves(project, () => void session.start("check")),
      watchProgress(project, () => session.showStep()),
    ];
    say(`Open ${page.url} in your browser; Ctrl-C ends it.`);
    say("It shows each check: whenever you save, and when you type npx lab check in another terminal.");
    if (args.includes(OPEN))
      openBrowser(page.url, () => say("No browser could be started here: please open the page yourself."));
    void session.start("check");
    if (!interrupt.aborted) await once(interrupt, "abort");
    for (const stop of stops) stop();
    return 0;
  },
};

function portOf([named = "0", ...others]: readonly string[]): number {
  const port = Number(named);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && others.length === 0) return port;
  throw new UsageError(`${[named, ...others].join(" ")} is no port: expected a number from 0 to 65535`);
}

/** @throws {UsageError} if the port is taken, or not for this user */
async function openOn(session: Session, port: number): Promise<View> {
  try {
    return await openView(session, port);
  } catch (error) {
    throw new UsageError(`Port ${port} cannot be opened: ${(error as Error).message}`);
  }
}
