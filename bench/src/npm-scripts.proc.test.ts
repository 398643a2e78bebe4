import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: Record<string, string> };
/** They hand their words on to a command that has a help of its own. */
const HAND_ON = ["start", "codelab", "example"];
/** What a script of ours is started with: of several programs the last, which gets what follows `npm run NAME --`. */
const programs = Object.entries(scripts).flatMap(([name, line]) => {
  const [, program, given = ""] = /(?:^|&& )node (\S+)( [^&]*)?$/.exec(line) ?? [];
  return program === undefined || HAND_ON.includes(name)
    ? []
    : [{ name, args: [program, ...given.split(" ").filter(Boolean)] }];
});

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (args: readonly string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });

suite("npm scripts", { concurrency: 2 }, () => {
  for (const { name, args } of programs) {
    test(`npm run ${name} says with --help how it is called`, async () => {
      const { code, stdout, stderr } = await run([...args, "--help"]);
      assert.equal(stderr, "");
      assert.match(stdout, /npm (run|test)/);
      assert.equal(code, 0);
    });

    test(`npm run ${name} refuses an option that it does not have with a sentence, before it does anything`, async () => {
      const { code, stdout, stderr } = await run([...args, "--no-such"]);
      assert.match(stderr.split("\n", 1)[0] ?? "", /--no-such/);
      assert.doesNotMatch(stderr, /^ +at /m);
      assert.equal(stdout, "");
      assert.equal(code, 64);
    });
  }
});
