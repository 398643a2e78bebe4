/** Each example is run, and must print what its first comment says that it prints. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const sources = new URL("../src/", import.meta.url);
const names = readdirSync(sources)
  .filter((file) => file.endsWith(".ts") && !file.includes(".test."))
  .map((file) => file.replace(/\.ts$/, ""));

/** The indented lines after "You see:" in the first comment. */
function promised(name: string): string {
  const text = readFileSync(new URL(`${name}.ts`, sources), "utf8");
  const [, block] = /^\/\*\*\n(?: \*.*\n)*? \* You see:\n \*\n((?: \* {5}.*\n)+)/.exec(text) ?? [];
  assert.ok(block !== undefined, `${name}.ts begins with a comment that says "You see:" and shows it`);
  return block.replace(/^ \* {5}/gm, "");
}

describe("examples", { concurrency: 2 }, () => {
  for (const name of names) {
    test(`the example ${name} prints what it promises`, async () => {
      const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { timeout: 60_000 });
      assert.equal(stdout, promised(name));
      assert.equal(stderr, "");
    });
  }
});
