import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../project/tree.js";

const LINK = /\]\(([^)\s#]+)[^)]*\)/g;

test("links in the texts lead to files that are there, or to the web", () => {
  const texts = readdirSync(packageRoot, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".md") && !/(^|[\\/])(node_modules|dist|\.cache)[\\/]/.test(path),
  );
  assert.ok(texts.length > 0);
  for (const path of texts) {
    const prose = readFileSync(join(packageRoot, path), "utf8").replace(/^```.*?^```|`[^`]*`/gms, "");
    for (const [, target = ""] of prose.matchAll(LINK)) {
      if (/^https:\/\//.test(target)) assert.ok(URL.canParse(target), `${path}: ${target}`);
      else assert.ok(existsSync(join(packageRoot, dirname(path), target)), `${path}: ${target}`);
    }
  }
});
