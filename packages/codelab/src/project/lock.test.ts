import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { whileBuilding } from "./lock.js";

async function inProject(use: (project: string) => Promise<void>): Promise<void> {
  const project = mkdtempSync(join(tmpdir(), "routeguide-lock-"));
  try {
    await use(project);
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

test("builds of a project follow each other, whatever becomes of the first", async () => {
  await inProject(async (project) => {
    const happened: string[] = [];
    let fail: (reason: Error) => void = () => {};
    const first = whileBuilding(project, () => {
      happened.push("first");
      return new Promise<void>((_, reject) => {
        fail = reject;
      });
    });
    const second = whileBuilding(project, async () => happened.push("second"));
    happened.push("asked");
    fail(new Error("broken"));
    await assert.rejects(first, /broken/);
    await second;
    assert.deepEqual(happened, ["first", "asked", "second"]);
    assert.deepEqual(readdirSync(join(project, ".lab")), []);
  });
});

test("what a process has left that was killed holds nobody up", async () => {
  await inProject(async (project) => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(join(project, ".lab"));
    writeFileSync(join(project, ".lab/building"), String(pid));
    assert.equal(await whileBuilding(project, async () => "built"), "built");
  });
});

const skip = process.platform === "linux" ? false : "needs a folder that nobody can write, not even root: /proc";
test("a folder that cannot be written is an error, not a wait without end", { skip }, async () => {
  await inProject(async (project) => {
    symlinkSync("/proc/self", join(project, ".lab"));
    await assert.rejects(
      whileBuilding(project, async () => "built"),
      { syscall: "open" },
    );
  });
});
