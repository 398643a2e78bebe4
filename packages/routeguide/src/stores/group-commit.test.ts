import assert from "node:assert/strict";
import { test } from "node:test";
import { GroupCommit } from "./group-commit.js";

/** Writes that end when the test says so. */
function slowWrites() {
  const groups: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  let began = () => {};
  const commits = new GroupCommit<string>((operations) => {
    groups.push(operations);
    began();
    return new Promise((resolve, reject) => ends.push((error) => (error === undefined ? resolve() : reject(error))));
  });
  return {
    commits,
    groups,
    ends,
    post(operation: string) {
      commits.add(operation);
      return commits.commit();
    },
    writing: () => new Promise<void>((resolve) => (began = resolve)),
  };
}

test("What comes in one turn is one group, and what comes while it is written is the next", async () => {
  const { post, groups, ends, writing } = slowWrites();
  const first = [post("a"), post("b")];
  await writing();
  const second = [post("c"), post("d")];
  assert.deepEqual(groups, [["a", "b"]]);
  const next = writing();
  ends[0]?.();
  await Promise.all(first);
  await next;
  ends[1]?.();
  await Promise.all(second);
  assert.deepEqual(groups, [
    ["a", "b"],
    ["c", "d"],
  ]);
});

test("A write that fails refuses its group and no other", async () => {
  const { post, ends, writing } = slowWrites();
  const first = post("a");
  await writing();
  const second = post("b");
  const next = writing();
  ends[0]?.(new Error("disk gone"));
  await assert.rejects(first, /disk gone/);
  await next;
  ends[1]?.();
  await second;
});

test("Flushing writes what nobody waits for, once, and does not fail", async () => {
  const { commits, groups, ends, writing } = slowWrites();
  commits.add("a");
  const flushed = commits.flush();
  await writing();
  commits.add("a again");
  ends[0]?.(new Error("disk gone"));
  await flushed;
  assert.deepEqual(groups, [["a"]]);
});
