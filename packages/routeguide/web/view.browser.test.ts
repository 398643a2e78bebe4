/** The page of the live map in a browser: what can be seen, and how one gets there. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { serveCommand } from "../test/command.js";
import { launchChromium, needsChromium } from "./chromium.js";
import { leaveNote, say, settled, visit } from "./visit.js";

const NEW_YORK = "#8/40.7/-74";
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

const at = (fragment = "") => `http://${server.address}/${fragment}`;

/** The share of the map's pixels that have a colour, by colours as "r,g,b". */
async function coloursOf(page: Page): Promise<Map<string, number>> {
  const picture = (await page.locator("#map").screenshot()).toString("base64");
  const counts = await page.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0);
    const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: new Uint8ClampedArray() };
    const counts = new Map<string, number>();
    for (let i = 0; i < data.length; i += 4) {
      const colour = data.subarray(i, i + 3).join();
      counts.set(colour, (counts.get(colour) ?? 0) + 4 / data.length);
    }
    return [...counts];
  }, picture);
  return new Map(counts);
}

test("The map is drawn: land, sea and names, in light and in dark", needsChromium, async () => {
  await visit(browser, at(), async (page) => {
    const colours = await coloursOf(page);
    assert.ok((colours.get("211,224,230") ?? 0) > 0.3, "sea");
    assert.ok((colours.get("247,245,240") ?? 0) > 0.15, "land");
    assert.ok(colours.size > 100, "names and dots");
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page);
    const dark = await coloursOf(page);
    assert.ok((dark.get("15,22,27") ?? 0) > 0.3, "sea");
    assert.ok((dark.get("34,43,49") ?? 0) > 0.15, "land");
  });
});

test("A wide view has its first places, a near one all of them, the first first", needsChromium, async () => {
  await visit(browser, at(), async (page) => {
    assert.match(await page.locator("#places li").first().innerText(), /^Shanghai/);
    assert.match(await say(page, "places-count"), /^The first 400, 100 of them in this list\. Come closer/);
  });
  await visit(browser, at(NEW_YORK), async (page) => {
    assert.match(await page.locator("#places li").first().innerText(), /^New York City/);
    assert.match(await say(page, "places-count"), /^1,\d{3} in all, 100 of them in this list\.$/);
  });
});

test("A view across the antimeridian has the places on both sides", needsChromium, async () => {
  await visit(browser, at("#5/-16/181"), async (page) => {
    const places = await page.locator("#places").innerText();
    assert.match(places, /Suva/);
    assert.match(places, /Apia/);
    assert.match(await page.evaluate(() => location.hash), /^#5\/-16\/-179$/);
  });
});

test("The link follows the view, and the view the link", needsChromium, async () => {
  await visit(browser, at(NEW_YORK), async (page) => {
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForFunction(() => location.hash.startsWith("#9/"));
    await page.evaluate(() => {
      location.hash = "#8/48.85/2.35";
    });
    await page.locator("#places").getByText("Paris", { exact: true }).waitFor();
  });
});

test("A place that is chosen has its name and coordinates, wherever one chooses it", needsChromium, async () => {
  await visit(browser, at(NEW_YORK), async (page) => {
    await page.getByRole("button", { name: "New York City New York, US" }).click();
    const region = page.getByRole("region", { name: "New York City" });
    assert.match(await region.innerText(), /New York, US\s+40\.71427° N, 74\.00597° W/);
    await region.getByRole("button", { name: "Close" }).click();
    assert.equal(await region.count(), 0);
  });
  await visit(browser, at("#12/40.71427/-74.00597"), async (page) => {
    await page.locator("#map canvas").click();
    await page.getByRole("heading", { name: "New York City" }).waitFor();
  });
  await visit(browser, at("#12/10.0003/-40.0004"), async (page) => {
    await page.locator("#map canvas").click();
    await page.getByRole("heading", { name: "A point without a name" }).waitFor();
    assert.match(await say(page, "chosen-point"), /^(10|9\.9\d*|10\.0\d*)° N, (40|39\.9\d*|40\.0\d*)° W$/);
  });
});

test("Everything can be done by keyboard", needsChromium, async () => {
  await visit(browser, at("#12/40.71427/-74.00597"), async (page) => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip the map");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "New York City" }).waitFor();
    assert.equal(await focused(), "New York City");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("by keyboard");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator("#here").getByText("by keyboard").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement?.localName), "canvas");

    await page.getByRole("button", { name: "Draw a route" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#map canvas").focus();
    await page.keyboard.press("Enter");
    await page.getByText(/^1 point sent\./).waitFor();
    await page.keyboard.press("ArrowRight");
    await settled(page);
    await page.keyboard.press("Enter");
    await page.getByText(/^2 points sent\./).waitFor();
    await page.getByRole("button", { name: "Finish" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#summary").waitFor();
    assert.match(await say(page, "summary"), /^Points\s+2\s+Places passed\s+\d+\s+Length\s+[\d.]+ km/);
  });
});

test("axe finds nothing, in light and in dark, on a desk and in a hand", needsChromium, async () => {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await visit(
      browser,
      at(NEW_YORK),
      async (page) => {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, []);
        }
        await page.getByRole("button", { name: /^New York City/ }).click();
        await leaveNote(page, `seen on ${viewport.width} pixels`);
        await page.getByRole("button", { name: "Draw a route" }).click();
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, []);
        }
      },
      { viewport, reducedMotion: "reduce" },
    );
  }
});

test("Nothing moves under the reader while the page fills", needsChromium, async () => {
  await visit(browser, at(NEW_YORK), async (page) => {
    const shift = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => {
            resolve(list.getEntries().reduce((sum, entry) => sum + (entry as unknown as { value: number }).value, 0));
          }).observe({ type: "layout-shift", buffered: true });
          // Without a shift nobody is told.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
        }),
    );
    assert.ok(shift < 0.02, `layout shift ${shift}`);
  });
});

test("Without JavaScript a line says that it is needed", needsChromium, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(at());
    assert.ok(await page.getByText("This page needs JavaScript").isVisible());
    assert.ok(!(await page.getByText("Connecting").isVisible()));
  } finally {
    await context.close();
  }
});

test("Without WebGL there are the lists, and a line that says why", needsChromium, async () => {
  const plain = await launchChromium("--disable-3d-apis");
  try {
    await visit(plain, at(NEW_YORK), async (page) => {
      await page.getByText("This browser has no WebGL, so there is no map").waitFor();
      await page.getByRole("button", { name: "Closer" }).click();
      await page.waitForFunction(() => location.hash.startsWith("#9/"));
      await page.getByRole("button", { name: /^Brooklyn New York/ }).click();
      await page.getByRole("heading", { name: "Brooklyn" }).waitFor();
      await leaveNote(page, "seen without a map");
      await page.waitForFunction(() => location.hash === "#9/40.65/-73.95");
      assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, []);
    });
  } finally {
    await plain.close();
  }
});
