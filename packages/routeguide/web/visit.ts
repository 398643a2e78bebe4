/** A visit to the page in a browser, for the tests. */
import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** How long what must come may take: the map is drawn without a graphics card, on a busy machine. */
const PATIENCE_MS = 60_000;

export interface VisitOptions extends BrowserContextOptions {
  /** What the browser may complain about. */
  readonly mayComplain?: RegExp;
}

/**
 * Opens the page, and looks around once it is there.
 *
 * @param url with the view as its fragment, if not the whole world is meant
 * @throws if anything was asked of another origin, or went wrong in the page
 */
export async function visit(
  browser: Browser,
  url: string,
  use: (page: Page) => Promise<void>,
  { mayComplain, ...options }: VisitOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    context.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
        elsewhere.push(request.url());
      }
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(url);
    await settled(page);
    await use(page);
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(
      complaints.filter((complaint) => mayComplain?.test(complaint) !== true),
      [],
    );
  } finally {
    await context.close();
  }
}

/** Resolves when the map is drawn, and places and notes have come. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const isBusy = (id: string) => document.getElementById(id)?.ariaBusy === "true";
    const count = document.getElementById("places-count")?.textContent ?? "";
    return !isBusy("world") && !isBusy("latest") && !count.startsWith("Looking");
  });
}

/** What the page says, and to whom. */
export const say = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText();

/** Leaves a note at the point that is chosen, and waits until it is told. */
export async function leaveNote(page: Page, message: string): Promise<void> {
  await page.getByLabel("Leave a note").fill(message);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.locator("#here").getByText(message, { exact: true }).waitFor();
}
