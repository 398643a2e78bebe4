import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Peer } from "@routeguide/grpc";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { Page } from "./page.js";

const PEER = { carrier: "h2", address: "127.0.0.1", secure: false } as unknown as Peer;

/** A page of these files. */
async function pageOf(files: Readonly<Record<string, string>>, showsShipped = true) {
  const temporary = await temporaryFolder();
  const folder = join(temporary.path, "web");
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const page = await Page.open(showsShipped, pathToFileURL(`${folder}/`));
  assert.ok(page !== undefined);
  const get = (path: string, init: RequestInit = {}) =>
    page.answer(new Request(`http://127.0.0.1:50051${path}`, init), PEER);
  return { get, [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() };
}

suite("The live map's files", () => {
  test("The page is at /, what it needs below /map/, and neither may load anything from elsewhere", async () => {
    await using page = await pageOf({ "index.html": "<p>", "page.js": "0" });
    const index = await page.get("/");
    assert.equal(await index.text(), "<p>");
    assert.equal(index.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(index.headers.get("content-security-policy") ?? "", /^default-src 'self';/);
    const script = await page.get("/map/page.js");
    assert.equal(await script.text(), "0");
    assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
  });

  test("Where other places are shown it names no source that they are not from", async () => {
    const files = { "index.html": "GeoNames", "other-places.html": "others" };
    for (const [showsShipped, text] of [
      [true, "GeoNames"],
      [false, "others"],
    ] as const) {
      await using page = await pageOf(files, showsShipped);
      assert.equal(await (await page.get("/")).text(), text);
    }
  });

  test("Whoever takes Brotli or gzip gets it where it is there", async () => {
    await using page = await pageOf({
      "index.html": "<p>",
      "a.js": "plain",
      "a.js.br": "br",
      "a.js.gz": "gz",
      "b.js": "b",
    });
    const take = async (path: string, accepted: string) => {
      const response = await page.get(path, { headers: { "accept-encoding": accepted } });
      assert.equal(response.headers.get("vary"), "accept-encoding");
      return [await response.text(), response.headers.get("content-encoding")];
    };
    assert.deepEqual(await take("/map/a.js", "gzip, deflate, br"), ["br", "br"]);
    assert.deepEqual(await take("/map/a.js", "gzip"), ["gz", "gzip"]);
    assert.deepEqual(await take("/map/a.js", "identity"), ["plain", null]);
    assert.deepEqual(await take("/map/b.js", "gzip, br"), ["b", null]);
  });

  test("Who has a file already is told so", async () => {
    await using page = await pageOf({ "index.html": "<p>" });
    const tag = (await page.get("/")).headers.get("etag") ?? "";
    const again = await page.get("/", { headers: { "if-none-match": tag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
    assert.equal((await page.get("/", { headers: { "if-none-match": '"other"' } })).status, 200);
  });

  test("Other paths are not found, wherever they point", async () => {
    await using page = await pageOf({ "index.html": "<p>", "notes.txt": "no page" });
    for (const path of [
      "/map/",
      "/map/none.js",
      "/map/..%2Fpackage.json",
      "/map/../package.json",
      "/page.js",
      "/map/notes.txt",
      "/map/index",
    ]) {
      const response = await page.get(path);
      assert.equal(response.status, 404, path);
      assert.match(await response.text(), /^There is nothing at /);
    }
  });

  test("It is read, and nothing else", async () => {
    await using page = await pageOf({ "index.html": "<p>" });
    const response = await page.get("/", { method: "POST", body: "x" });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET, HEAD");
  });

  test("Without a build there is none", async () => {
    await using temporary = await temporaryFolder();
    assert.equal(await Page.open(true, pathToFileURL(`${temporary.path}/`)), undefined);
  });
});
