// npm run browser: clients of other people and ours, in a page of a real Chromium, against `routeguide serve`. In cleartext, and over
// TLS by both engines; from a page of the server's own origin, from one that may call it, and from one that may not. Without Chromium it
// is skipped, with the reason.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { ensureBuilt } from "../build.js";
import { commandLine } from "../command-line.js";
import { root, script } from "../step.js";
import { openChromium } from "./browser/chromium.js";
import { makeIdentity } from "./identity.js";
import { whileServing } from "./run.js";
import { Missing, Suite } from "./suite.js";

/** The places that ship with routeguide. */
const PLACE_COUNT = 171_038;
const USAGE = `Usage: npm run browser [-- PART]
Runs clients of other people and ours in Chromium, against routeguide serve. With a part of their titles, only those checks.`;
/** Of the titles of the checks that are wanted. */
const PART = commandLine(USAGE, { names: "any" }).names.join(" ");

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {{ title: string, failure: string | undefined }} Outcome */

await script(async () => {
  await ensureBuilt();
  const suite = new Suite();
  const folder = mkdtempSync(join(tmpdir(), "routeguide-browser-"));
  try {
    const browser = await openChromium();
    try {
      await usePages(await bundle(), async ({ html, friend, stranger }) => {
        const { cert, key } = await makeIdentity(folder);
        const tls = ["--tls-cert", cert, "--tls-key", key];
        // Browsers speak HTTP/2 over TLS only: in cleartext the engines are not heard.
        for (const { scheme, flags } of [
          { scheme: "http", flags: [] },
          { scheme: "https", flags: tls },
          { scheme: "https", flags: [...tls, "--engine", "node"] },
        ]) {
          await whileServing(["--allow-origin", friend, ...flags], async ({ address }) => {
            const baseUrl = `${scheme}://${address}`;
            const name = flags.includes("node") ? `${baseUrl} over node:http2` : baseUrl;
            const run = { html, baseUrl, isAllowed: true };
            await runPage(suite, browser, { ...run, name: `${name} from its own page`, origin: baseUrl });
            await runPage(suite, browser, { ...run, name: `${name} from a page that may`, origin: friend });
            const refused = { ...run, isAllowed: false, origin: stranger };
            await runPage(suite, browser, { ...refused, name: `${name} from a page that may not` });
          });
        }
      });
    } finally {
      await browser.close();
    }
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    suite.skip("browser", error.message);
  } finally {
    rmSync(folder, { recursive: true });
  }
  suite.close();
});

/** The page's script, as a user's bundler makes it. */
async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(root, "packages/grpc/test/browser/page.ts")],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/**
 * Serves the page to two origins, one of which may call.
 *
 * @param {string} code
 * @param {(pages: { html: string, friend: string, stranger: string }) => Promise<void>} use
 */
async function usePages(code, use) {
  const html = `<!doctype html><title>Suite</title><script>${code.replaceAll("</script", "<\\/script")}</script>`;
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    await use({ html, friend: `http://127.0.0.1:${port}`, stranger: `http://localhost:${port}` });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/**
 * Runs the page's checks, and counts them.
 *
 * @param {Suite} suite
 * @param {Browser} browser
 * @param {{ name: string, html: string, origin: string, baseUrl: string, isAllowed: boolean }} run
 */
async function runPage(suite, browser, { name, html, origin, baseUrl, isAllowed }) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    const page = await context.newPage();
    // This page stands in the place of the server's own, and all that it asks for comes from the server.
    if (origin === baseUrl) {
      await page.route(`${origin}/`, (route) => route.fulfill({ contentType: "text/html", body: html }));
    }
    await page.goto(`${origin}/`);
    const place = { baseUrl, placeCount: PLACE_COUNT, isAllowed };
    const outcomes = /** @type {Outcome[]} */ (
      await page.evaluate(
        ([place, part]) => /** @type {any} */ (globalThis).routeguideSuite.runChecks(place, part),
        /** @type {const} */ ([place, PART]),
      )
    );
    for (const { title, failure } of outcomes) {
      await suite.check(`${name}: ${title}`, () => {
        if (failure !== undefined) throw new Error(failure);
      });
    }
    if (origin !== baseUrl || PART !== "") return;
    await suite.check(`${name}: the calls over fetch travelled as they should`, async () => {
      const protocols = await page.evaluate(
        (baseUrl) => /** @type {any} */ (globalThis).routeguideSuite.protocols(baseUrl),
        baseUrl,
      );
      assert.deepEqual(protocols, [baseUrl.startsWith("https:") ? "h2" : "http/1.1"]);
    });
  } finally {
    await context.close();
  }
}
