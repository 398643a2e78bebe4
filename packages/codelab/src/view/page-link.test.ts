import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readProgress, withSkipped, writeProgress } from "../project/progress.js";
import type { ViewEvent } from "./events.js";
import { announcePage, PageLink } from "./page-link.js";
import { Session } from "./session.js";
import { openView, type View } from "./view-server.js";

const JOB: ViewEvent = { type: "job", title: "Checking step 1" };
const PASSED: ViewEvent = { type: "passed", title: "it works" };
const IDLE: ViewEvent = { type: "idle", text: "Step 1 is done" };

/** What a page is told, which can be waited for. */
class Listener {
  readonly told: ViewEvent[] = [];
  #wake = () => {};

  constructor(session: Session) {
    session.listen((event) => {
      this.told.push(event);
      this.#wake();
    });
  }

  async until(isMeant: (event: ViewEvent) => boolean): Promise<void> {
    while (!this.told.some(isMeant)) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}

async function withPage(use: (project: string, view: View, page: Listener) => Promise<void>): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), "routeguide-page-"));
  try {
    const session = new Session(project, new AbortController().signal);
    await using view = await openView(session, 0);
    const forget = announcePage(project, view);
    await use(project, view, new Listener(session));
    forget();
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

test("what a command tells comes to the page, in its order and at once", async () => {
  await withPage(async (project, _view, page) => {
    await using link = new PageLink(project);
    link.tell(JOB);
    await page.until(({ type }) => type === "job");
    link.tell(PASSED);
    link.tell(IDLE);
    await page.until(({ type }) => type === "idle");
    assert.deepEqual(page.told.slice(1), [JOB, PASSED, IDLE]);
  });
});

test("a command that ends in the middle is told to the page", async () => {
  await withPage(async (_project, { url, token }, page) => {
    const told = request(`${url}told`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    told.on("error", () => {});
    told.write(`${JSON.stringify(JOB)}\n`);
    await page.until(({ type }) => type === "job");
    told.destroy();
    await page.until((event) => event.type === "idle" && event.text.startsWith("This has not come to its end"));
  });
});

test("when a command has brought the learner to the next step, the page shows its text", async () => {
  await withPage(async (project, _view, page) => {
    const link = new PageLink(project);
    link.tell(JOB);
    writeProgress(project, withSkipped(readProgress(project), 1));
    await link[Symbol.asyncDispose]();
    await page.until((event) => event.type === "step" && event.headline.startsWith("Step 2 of "));
  });
});

test("only who has read the project's token may tell", async () => {
  await withPage(async (_project, { url }) => {
    for (const authorization of ["", "Bearer ", "Bearer 0"]) {
      const { status } = await fetch(`${url}told`, { method: "POST", headers: { authorization }, body: "{}\n" });
      assert.equal(status, 404);
    }
  });
});

test("without a page, or when it has gone, a command tells nobody and goes on", async () => {
  const project = mkdtempSync(join(tmpdir(), "routeguide-page-"));
  try {
    for (const url of [undefined, "http://127.0.0.1:9/"]) {
      if (url !== undefined) announcePage(project, { url, token: "a" });
      await using link = new PageLink(project);
      link.tell(JOB);
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
