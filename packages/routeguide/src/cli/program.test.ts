import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { suite, test } from "node:test";
import { Output } from "./output.js";
import { run } from "./run.js";

const COMMANDS = ["serve", "demo", "get", "list", "record", "chat", "health"];

async function help(...args: string[]) {
  const [stdout, stderr] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  const io = { stdin: new PassThrough(), stdout: new Output(stdout), stderr, interrupt: new AbortController().signal };
  const code = await run(["help", ...args], io);
  return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}

suite("routeguide help", () => {
  test("names every command, and fits a terminal of 80 columns", async () => {
    const { code, stdout } = await help();
    assert.equal(code, 0);
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} `, "m"));
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  });

  for (const name of COMMANDS) {
    test(`shows what ${name} takes, with examples, in 80 columns`, async () => {
      const { code, stdout } = await help(name);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^Usage: routeguide ${name}.*\nExamples:\n  .*routeguide ${name}`, "s"));
      for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    });
  }

  test("says which command a mistyped one most likely meant, and prints no help", async () => {
    const { code, stdout, stderr } = await help("srve");
    assert.equal(code, 64);
    assert.equal(stdout, "");
    assert.equal(stderr, "routeguide: unknown command 'srve'. Did you mean serve?\n");
    assert.match((await help("zebra")).stderr, /^routeguide: unknown command 'zebra'\n$/);
  });
});
