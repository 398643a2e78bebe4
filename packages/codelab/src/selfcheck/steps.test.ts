import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { parseAnswers } from "../project/answers.js";
import { stepFolders } from "../project/tree.js";
import { STEPS } from "../steps.js";
import { section, stepText } from "../text/step-text.js";
import { tooWide } from "./command.js";

const FILES = ["alternatives.md", "check.ts", "hints.md", "mutants.md", "step.md"];

test("each step has a folder, and each folder a step", () => {
  const numbers = stepFolders().map((folder) => Number(basename(folder).slice(0, 2)));
  assert.deepEqual(
    numbers,
    STEPS.map((_, i) => i + 1),
  );
});

test("a step's folder holds what it should, and nothing else", () => {
  for (const folder of stepFolders()) {
    const files = readdirSync(folder).filter((file) => file !== "before.md");
    assert.deepEqual(files.sort(), FILES, folder);
  }
});

test("each step has at least five mutants, each with what the check must say, and two alternatives", () => {
  for (const folder of stepFolders()) {
    const answers = (file: string) => parseAnswers(readFileSync(join(folder, file), "utf8"));
    const mutants = answers("mutants.md");
    assert.ok(mutants.length >= 5, `${folder} has ${mutants.length} mutants`);
    for (const { title, message } of mutants) assert.notEqual(message, "", `${folder}: ${title}`);
    assert.ok(answers("alternatives.md").length >= 2, folder);
  }
});

test("each step has three hints", () => {
  for (const [i] of STEPS.entries()) assert.equal(stepText(i + 1).hints.length, 3, `step ${i + 1}`);
});

test("each text has its sections, and fits a terminal", () => {
  for (const [i, { title }] of STEPS.entries()) {
    const { markdown, name } = stepText(i + 1);
    assert.match(markdown, new RegExp(`^# ${i + 1}\\. `), name);
    for (const heading of ["Your task", "What you learned", "Coming from Go or Rust"]) {
      assert.notEqual(section(markdown, heading), "", `${name}: ${heading}`);
    }
    // A link may be as long as it is.
    assert.deepEqual(tooWide(markdown.replaceAll(/\]\([^)\s]+\)/g, "]()")), [], name);
    assert.ok(title.length <= 45, `${name}: ${title}`);
  }
});
