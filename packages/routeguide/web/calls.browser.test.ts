/** The page of the live map in a browser: what goes between it and others. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient } from "@routeguide/grpc";
import { dial } from "@routeguide/grpc/node";
import type { Browser, Page } from "playwright-core";
import { type Point, RouteGuide } from "routeguide/contract";
import { Command, serveCommand } from "../test/command.js";
import { temporaryFolder } from "../test/temporary-folder.js";
import { launchChromium, needsChromium } from "./chromium.js";
import { proxyBelow } from "./proxy.js";
import { leaveNote, say, settled, visit } from "./visit.js";

const NEW_YORK = { latitude: 407_142_700, longitude: -740_059_700 };
let browser: Browser;
let server: Awaited<ReturnType<typeof serveCommand>>;

before(async () => {
  if (needsChromium.skip !== false) return;
  browser = await launchChromium();
  server = await serveCommand();
});
after(async () => {
  if (needsChromium.skip !== false) return;
  await browser.close();
  await server[Symbol.asyncDispose]();
});

const at = (fragment: string) => `http://${server.address}/${fragment}`;
const choose = (page: Page, name: RegExp) => page.locator("#places").getByRole("button", { name }).click();

/** Does so while a chat is open that has posted there; resolves with what it heard, when it has heard as much as is wanted. */
async function whileChatting(message: string, count: number, use: () => Promise<void>): Promise<string[]> {
  await using transport = dial(`http://${server.address}`);
  const guide = createClient(RouteGuide, transport);
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  async function* notes() {
    yield { location: NEW_YORK, message };
    await left;
  }
  const heard: string[] = [];
  let using: Promise<void> | undefined;
  for await (const { message } of guide.routeChat(notes())) {
    heard.push(message);
    using ??= use();
    if (heard.length === count) leave();
  }
  await using;
  return heard;
}

test("Notes go from page to page and to chats, and back, as they come", needsChromium, async () => {
  await visit(browser, at("#8/40.7/-74"), async (writer) => {
    await visit(browser, at("#9/40.7/-74"), async (reader) => {
      const heard = await whileChatting("from a chat", 2, async () => {
        await reader.locator("#latest").getByText("from a chat").waitFor();
        await choose(writer, /^New York City/);
        await writer.locator("#here").getByText("from a chat").waitFor();
        await leaveNote(writer, "from a page");
        await reader.locator("#latest").getByText("from a page").waitFor();
      });
      assert.deepEqual(heard, ["from a chat", "from a page"]);
      await reader.locator("#announcement").getByText("New note: from a page").waitFor();
      const latest = await reader.locator("#latest li .message").allInnerTexts();
      assert.deepEqual(latest, ["from a page", "from a chat"]);
      assert.deepEqual(await writer.locator("#here li").allInnerTexts(), ["from a chat", "from a page"]);
    });
  });
});

test("What looks like markup in a note is text", needsChromium, async () => {
  const markup = `<img src=x onerror="document.title='broken'"> <b>bold</b>`;
  await visit(browser, at("#8/48.85/2.35"), async (page) => {
    await choose(page, /^Paris /);
    await leaveNote(page, markup);
    await page.locator("#latest").getByText(markup, { exact: true }).waitFor();
    assert.equal(await page.locator(".notes img, .notes b").count(), 0);
    assert.equal(await page.title(), "RouteGuide");
  });
});

test("A note's bytes are counted, and one that is too long or empty stays here", needsChromium, async () => {
  await visit(browser, at("#8/51.5/-0.12"), async (page) => {
    await choose(page, /^London /);
    const send = page.getByRole("button", { name: "Send", exact: true });
    await send.click();
    await page.getByRole("alert").getByText("Write something first.").waitFor();
    await page.getByLabel("Leave a note").fill("é".repeat(2_048));
    assert.equal(await say(page, "note-count"), "4,096 of 4,096 bytes");
    await page.getByLabel("Leave a note").fill(`${"é".repeat(2_048)}.`);
    await send.click();
    await page.getByRole("alert").getByText("This is 1 byte too long.").waitFor();
    assert.equal(await page.locator("#here li").count(), 0);
  });
});

test("What a server refuses is told as a sentence with its code", needsChromium, async () => {
  await using strict = await serveCommand(["--max-note-bytes", "5"]);
  await visit(browser, `http://${strict.address}/#8/51.5/-0.12`, async (page) => {
    await choose(page, /^London /);
    await page.getByLabel("Leave a note").fill("too long");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page
      .getByRole("alert")
      .getByText(/^The note was not kept: INVALID_ARGUMENT, .+\.$/)
      .waitFor();
    assert.equal(await page.getByLabel("Leave a note").inputValue(), "too long");
  });
});

test("The summary of a route is that of the same route by any client", needsChromium, async () => {
  const names = ["Newark", "Brooklyn", "Yonkers"];
  await using transport = dial(`http://${server.address}`);
  const guide = createClient(RouteGuide, transport);
  await visit(browser, at("#9/40.75/-74.05"), async (page) => {
    await page.getByRole("button", { name: "Draw a route" }).click();
    for (const name of names) await choose(page, new RegExp(`^${name} New`));
    await page.getByText(/^3 points sent\./).waitFor();
    await page.getByRole("button", { name: "Finish" }).click();
    await page.locator("#summary").waitFor();
    const area = {
      lo: { latitude: 400_000_000, longitude: -750_000_000 },
      hi: { latitude: 420_000_000, longitude: -730_000_000 },
    };
    const points = new Map<string, Point>();
    for await (const { name, location } of guide.listFeatures(area))
      if (location !== undefined) points.set(name, location);
    const route = names.map((name) => points.get(`${name}, New ${name === "Newark" ? "Jersey" : "York"}, US`) ?? {});
    const { pointCount, featureCount, distance } = await guide.recordRoute(route);
    const said = await page.locator("#summary dd").allInnerTexts();
    assert.deepEqual(said.slice(0, 2), [String(pointCount), String(featureCount)]);
    assert.equal(said[2], `${(distance / 1_000).toFixed(1)} km`);
  });
});

test("A route that is discarded is forgotten, and the next begins anew", needsChromium, async () => {
  await visit(browser, at("#9/40.75/-74.05"), async (page) => {
    await page.getByRole("button", { name: "Draw a route" }).click();
    await choose(page, /^Newark New/);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Draw a route" }).click();
    await choose(page, /^Brooklyn New/);
    await page.getByRole("button", { name: "Finish" }).click();
    await page.locator("#summary").waitFor();
    assert.match(await say(page, "summary"), /^Points\s+1\s/);
  });
});

test("Behind a proxy that puts it below a path it works the same", needsChromium, async () => {
  await using proxy = await proxyBelow("/guide", server.address);
  await visit(browser, `${proxy.url}#8/40.7/-74`, async (page) => {
    await page.getByText(`Connected to ${new URL(proxy.url).host}`).waitFor();
    await choose(page, /^Yonkers New/);
    await leaveNote(page, "from behind");
  });
});

test("When the server goes away the page says so, and is right again when it is back", needsChromium, async () => {
  await using folder = await temporaryFolder();
  const serve = (listen: string) => new Command(["serve", "--listen", listen, "--notes", folder.path]);
  const ready = /^ +at +(\S+)$/m;
  const first = serve("127.0.0.1:0");
  const [, address = ""] = await first.until("stderr", ready);
  await visit(
    browser,
    `http://${address}/#8/40.7/-74`,
    async (page) => {
      await choose(page, /^New York City/);
      await leaveNote(page, "before");
      await page.getByRole("button", { name: "Draw a route" }).click();
      await choose(page, /^Brooklyn New/);
      await first[Symbol.asyncDispose]();
      await page.getByText(`${address} does not answer; trying again`).waitFor();
      await page
        .getByRole("alert")
        .getByText(/^The route was not recorded: UNAVAILABLE, .+\.$/)
        .waitFor();
      await page.getByRole("button", { name: "Zoom in" }).click();
      await page
        .getByRole("alert")
        .getByText(/^The places could not be listed: UNAVAILABLE, .+\.$/)
        .waitFor();
      await page.getByLabel("Leave a note").fill("meanwhile");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page
        .getByRole("alert")
        .getByText(/^The note was not kept: UNAVAILABLE, /)
        .waitFor();

      await using second = serve(address);
      await second.until("stderr", ready);
      await page.getByText(`Connected to ${address}`).waitFor();
      await page.locator("#places-failure").waitFor({ state: "hidden" });
      await settled(page);
      await leaveNote(page, "after");
      await page.locator("#latest").getByText("after").waitFor();
      assert.deepEqual(await page.locator("#latest .message").allInnerTexts(), ["after", "before"]);
      assert.deepEqual(await page.locator("#here .message").allInnerTexts(), ["before", "after"]);
    },
    { mayComplain: /ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource/ },
  );
});
