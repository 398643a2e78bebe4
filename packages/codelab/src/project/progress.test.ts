import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { currentStep, findProject, readProgress, resetTo, withDone, withSkipped, writeProgress } from "./progress.js";

const NONE = { done: [], skipped: [], given: [], hints: {} };

test("the current step is the first that is neither done, skipped nor given", () => {
  assert.equal(currentStep(NONE, 3), 1);
  assert.equal(currentStep(withSkipped(withDone(NONE, 1), 2), 3), 3);
  assert.equal(currentStep(resetTo(NONE, 3), 3), 3);
  assert.equal(currentStep(withDone(resetTo(NONE, 3), 3), 3), undefined);
});

test("a step that is done after all is skipped no more", () => {
  assert.deepEqual(withDone(withSkipped(NONE, 1), 1), { ...NONE, done: [1] });
});

test("a reset forgets what comes after, and keeps what was done before", () => {
  const progress = { done: [1, 3, 4], skipped: [2], given: [], hints: { 1: 3, 4: 1 } };
  assert.deepEqual(resetTo(progress, 4), { done: [1, 3], skipped: [], given: [2], hints: { 1: 3 } });
});

test("progress is read back as it was written, and a broken file counts as none", () => {
  inProject((project) => {
    assert.deepEqual(readProgress(project), NONE);
    const progress = { done: [1], skipped: [2], given: [], hints: { 3: 2 } };
    writeProgress(project, progress);
    assert.deepEqual(readProgress(project), progress);
    assert.deepEqual(readdirSync(join(project, ".lab")), ["progress.json"]);
    writeFileSync(join(project, ".lab/progress.json"), "{");
    assert.deepEqual(readProgress(project), NONE);
  });
});

test("hints that are no numbers count as none", () => {
  inProject((project) => {
    writeProgress(project, NONE);
    writeFileSync(join(project, ".lab/progress.json"), '{ "done": ["x", 1.5, 2], "hints": { "5": "x", "6": 2 } }');
    assert.deepEqual(readProgress(project), { ...NONE, done: [2], hints: { 6: 2 } });
  });
});

test("a project is found from below, also when its contract was deleted after the first check", () => {
  inProject((project) => {
    mkdirSync(join(project, "routeguide"));
    assert.equal(findProject(join(project, "routeguide")), undefined);
    writeProgress(project, NONE);
    assert.equal(findProject(join(project, "routeguide")), project);
  });
});

function inProject(use: (project: string) => void): void {
  const project = mkdtempSync(join(tmpdir(), "progress-"));
  try {
    use(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
