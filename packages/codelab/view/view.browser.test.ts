/** The page of `lab view`, in a browser. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { parseAnswers } from "../src/project/answers.js";
import { resetTo, writeProgress } from "../src/project/progress.js";
import { packageRoot, type Tree, treeAt } from "../src/project/tree.js";
import { writeProject } from "../src/project/write-tree.js";
import { treeWith } from "../src/selfcheck/variants.js";
import { Session } from "../src/view/session.js";
import { openView } from "../src/view/view-server.js";
import { browserPath, launchBrowser } from "./browser.js";

const LIST_FEATURES = 6;
/** A check compiles, and starts programs: on a busy machine that takes its time. */
const PATIENCE_MS = 120_000;
const COLLECTS = `## collects
\`\`\`ts service.ts
    listFeatures({ lo, hi }) {
      if (lo === undefined || hi === undefined) return [];
      return places.filter(({ location }) => isBetween(location, lo, hi));
    },
\`\`\``;

const options = {
  skip: browserPath === undefined ? "there is no Chromium here: install it, or name its program in CHROMIUM" : false,
};
let browser: Browser;

before(async () => {
  if (options.skip === false) browser = await launchBrowser();
});
after(async () => {
  if (options.skip === false) await browser.close();
});

/** Opens the page of a project that has come to a step. */
async function withPage(step: number, tree: Tree, use: (page: Page, session: Session) => Promise<void>): Promise<void> {
  mkdirSync(join(packageRoot, ".cache"), { recursive: true });
  const project = mkdtempSync(join(packageRoot, ".cache/view-"));
  writeProject(project, tree);
  writeProgress(project, resetTo({ done: [], skipped: [], given: [], hints: {} }, step));
  const session = new Session(project, new AbortController().signal);
  await using view = await openView(session, 0);
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  try {
    await page.goto(view.url);
    await page.waitForFunction(() => document.querySelector("#text h2") !== null);
    await use(page, session);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
    rmSync(project, { recursive: true, force: true });
  }
}

const solvedBut = (answer: string): Tree => {
  const [variant] = parseAnswers(answer);
  if (variant === undefined) throw new Error("no variant");
  return treeWith(LIST_FEATURES, variant);
};

test("a check draws each stream as it happens, up to the stall that it found", options, async () => {
  await withPage(LIST_FEATURES, solvedBut(COLLECTS), async (page) => {
    await page.getByRole("button", { name: "Check this step" }).click();
    await page.getByText("ListFeatures collects all places before it sends the first").waitFor();
    await page.getByRole("status").getByText("1 failed").waitFor();
    // The streams of the check that failed come first.
    const figure = page.getByRole("figure").first();
    assert.match(await figure.innerText(), /Ann: ListFeatures/);
    const drawn = await figure.locator("svg text").allTextContents();
    assert.ok(drawn.some((text) => /more \.\.\./.test(text)));
    assert.ok(drawn.some((text) => text.startsWith("stall: ")));
    assert.equal(await figure.locator("svg rect").count(), 1);
    // It is really there to be seen, between two lines over the whole width.
    const box = await figure.locator("svg").boundingBox();
    assert.ok(box !== null && box.width > 300 && box.height > 150);
  });
});

test("a step that passes leads to the text of the next", options, async () => {
  await withPage(LIST_FEATURES, treeAt(LIST_FEATURES), async (page) => {
    await page.getByRole("button", { name: "Check this step" }).click();
    await page.getByText(/^Step 7 of /).waitFor();
    assert.match(await page.getByRole("status").innerText(), /Step 6 is done/);
    assert.match(await page.getByRole("article").innerText(), /RecordRoute/);
  });
});

test("everything can be reached by keyboard, and read as text", options, async () => {
  await withPage(LIST_FEATURES, treeAt(LIST_FEATURES), async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the streams");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText(/Step 6 is done/).waitFor();
    const table = page.getByText("Ann: ListFeatures as a table").first();
    await table.focus();
    await page.keyboard.press("Enter");
    const rows = await page.locator("details[open] tbody tr").allInnerTexts();
    assert.match(rows.join("\n"), /server\s+message\s+Feature/);
    assert.match(rows.join("\n"), /server\s+status\s+OK/);
  });
});

test("axe finds nothing, in light and in dark, before and after a check", options, async () => {
  await withPage(LIST_FEATURES, solvedBut(COLLECTS), async (page, session) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, []);
      await session.start("check");
      await page.getByRole("status").getByText("1 failed").waitFor();
      assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, []);
    }
  });
});

test("a page that comes late is told what has happened", options, async () => {
  await withPage(LIST_FEATURES, solvedBut(COLLECTS), async (page, session) => {
    await session.start("check");
    await page.reload();
    await page.getByText("ListFeatures collects all places before it sends the first").waitFor();
    assert.ok((await page.getByRole("figure").count()) > 0);
  });
});

test("another origin cannot start programs here", async () => {
  const project = join(packageRoot, "start_here");
  await using view = await openView(new Session(project, new AbortController().signal), 0);
  const headers = { origin: "http://example.com" };
  assert.equal((await fetch(`${view.url}check`, { method: "POST", headers })).status, 403);
});
