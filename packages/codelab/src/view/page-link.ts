/**
 * How a command in another terminal tells the page of `lab view` what it does. Where the page listens is said in .lab/view.json, with
 * a token, as what it shows is not for everybody on the machine to write; without that file, or past its time, nobody is told.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type ClientRequest, request } from "node:http";
import { dirname, join } from "node:path";
import type { ViewEvent } from "./events.js";

const FILE = ".lab/view.json";
/** What the page's process gets at the end to take what is on its way, in milliseconds: it may stand still. */
const PATIENCE_MS = 5_000;

/** Where the page takes what others tell, and what says that they may. */
export interface PageAddress {
  readonly url: string;
  readonly token: string;
}

/** Says where the page of this project is, until the function that is returned is called. */
export function announcePage(project: string, { url, token }: PageAddress): () => void {
  const file = join(project, FILE);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ url, token }), { mode: 0o600 });
  return () => {
    if (addressOf(project)?.token === token) rmSync(file, { force: true });
  };
}

/** What is told to the page, if there is one. Disposing ends it, and gives the page the time to take it. */
export class PageLink implements AsyncDisposable {
  readonly #request: ClientRequest | undefined;
  readonly #closed: Promise<void> = Promise.resolve();

  constructor(project: string) {
    const page = addressOf(project);
    if (page === undefined) return;
    const headers = { authorization: `Bearer ${page.token}` };
    const told = request(new URL("told", page.url), { method: "POST", headers, agent: false })
      .on("response", (response) => response.resume())
      // The page has gone: nobody is told.
      .on("error", () => {});
    this.#closed = new Promise((resolve) => told.once("close", resolve));
    this.#request = told;
  }

  readonly tell = (event: ViewEvent): void => {
    this.#request?.write(`${JSON.stringify(event)}\n`);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(() => this.#request?.destroy(), PATIENCE_MS);
    this.#request?.end();
    await this.#closed;
    clearTimeout(timer);
  }
}

function addressOf(project: string): PageAddress | undefined {
  try {
    const { url, token } = JSON.parse(readFileSync(join(project, FILE), "utf8")) as Partial<PageAddress>;
    return url !== undefined && URL.canParse(url) && token !== undefined ? { url, token } : undefined;
  } catch {
    return undefined;
  }
}
