/** What the lab prints fits a terminal of 80 columns. What checks say of wrong answers is held to it by the self-check, which runs them. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../cli/run.js";
import { type Tree, treeAt } from "../project/tree.js";
import { writeProject } from "../project/write-tree.js";
import { STEPS } from "../steps.js";
import { applyDiff } from "./apply-diff.js";
import { casesOf } from "./cases.js";
import { tooWide } from "./command.js";

/** A project with these files, and the lab's commands in it. */
async function withLab(
  tree: Tree,
  use: (project: string, lab: (line: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), "routeguide-width-"));
  const lab = async (line: string) => {
    let printed = "";
    const print = (text = "") => {
      printed += `${text}\n`;
    };
    const terminal = { print, columns: 80, color: false };
    await run(line.split(" "), { cwd: project, terminal, interrupt: new AbortController().signal });
    assert.deepEqual(tooWide(printed), [], line);
    return printed;
  };
  try {
    writeProject(project, tree);
    await use(project, lab);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

for (const [i, { title }] of STEPS.entries()) {
  const step = i + 1;

  test(`step ${step}, ${title}: its task, its hints and its solution fit 80 columns`, async () => {
    await withLab(treeAt(0), async (project, lab) => {
      assert.match(await lab(`reset ${step}`), new RegExp(`^Step ${step} of `, "m"));
      await lab("status");
      for (const number of [1, 2, 3]) assert.match(await lab("hint"), new RegExp(`^Hint ${number} of 3`));
      applyDiff(project, await lab("diff"));
      for (const [path, text] of treeAt(step)) assert.equal(readFileSync(join(project, path), "utf8"), text, path);
      assert.doesNotMatch(await lab("diff"), /^[-+@]/m);
      await lab("skip");
    });
  });

  test(`step ${step}, ${title}: what is between any answer and the solution fits 80 columns`, async () => {
    for (const { title, tree } of casesOf(step)) {
      await withLab(tree(), async (_project, lab) => {
        const shown = await lab(`diff ${step}`);
        assert.match(shown, /is yours, \+ is the solution's$|as the solution has it$/m, title);
      });
    }
  });
}

test("where the learner goes wrong, they are told in 80 columns", async () => {
  await withLab(treeAt(0), async (_project, lab) => {
    assert.match(await lab("chekc"), /^lab has no command chekc\. Did you mean check\?$/m);
    assert.match(await lab("solve"), /^lab has no command solve\n\nnpx lab COMMAND$/m);
    assert.match(await lab("help"), /^ {2}check \[STEP\] /m);
    assert.match(await lab("check five"), /^five is no step: expected a number from 1 to 16$/m);
    assert.match(await lab("hint 1 2"), /^Usage: npx lab hint \[STEP\]$/m);
    assert.match(await lab("check --all"), /^Usage: npx lab check \[STEP\]$/m);
    assert.match(await lab("view --opn"), /^Usage: npx lab view \[PORT\] \[--open\]$/m);
    assert.match(await lab("view 70000"), /^70000 is no port/m);
    for (const _ of STEPS) await lab("skip");
    for (const command of ["check", "hint", "diff", "reset", "skip"])
      assert.match(await lab(command), /^All steps are done/m);
  });
});
