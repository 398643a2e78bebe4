import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { notesOf } from "../../test/note-fixtures.js";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { LevelNoteStore } from "./level-note-store.js";

const postForever = fileURLToPath(new URL("../../test/faults/post-forever.js", import.meta.url));
const postUntilFull = fileURLToPath(new URL("../../test/faults/post-until-full.js", import.meta.url));

test("After kill -9 in mid-write, every note that anybody was sent is there, and the folder opens again", async () => {
  await using folder = await temporaryFolder();
  const sent = new Set<string>();
  for (const name of ["first", "second", "third"]) {
    const child = spawn(process.execPath, [postForever, folder.path, name], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const enough = sent.size + 1000;
    for await (const line of createInterface({ input: outputOf(child) })) {
      if (line !== "") sent.add(line);
      if (sent.size >= enough) child.kill("SIGKILL");
    }
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  }
  assert.ok(sent.size >= 3000);
  const kept = new Set(await keptIn(folder.path));
  assert.deepEqual(
    [...sent].filter((note) => !kept.has(note)),
    [],
  );
});

test("When the disk is full the batch is refused, nobody is sent it, it is not found later, and the store writes again", {
  skip: process.platform === "win32" && "needs ulimit",
}, async () => {
  await using folder = await temporaryFolder();
  // No file may grow past 512 KiB: the system answers as it does for a full disk, and reopening begins a new file.
  const command = `ulimit -f 1024; exec "${process.execPath}" "${postUntilFull}" "${folder.path}"`;
  const { stdout } = await promisify(execFile)("sh", ["-c", command], { maxBuffer: 2 ** 26 });
  const { kept, refused } = JSON.parse(stdout) as Outcome;
  assert.deepEqual(
    refused.map(({ fault, sent }) => ({ fault, sent })),
    [{ fault: "full", sent: 0 }],
  );
  assert.ok(kept.length > 10);
  assert.equal(kept.at(-1), "after the refusal");
  assert.deepEqual(
    (await keptIn(folder.path)).map((note) => note.split(",")[2]),
    kept,
  );
});

interface Outcome {
  readonly kept: string[];
  readonly refused: { message: string; fault: string; sent: number }[];
}

function outputOf(child: ChildProcess): NodeJS.ReadableStream {
  if (child.stdout === null) throw new Error("the child has no output");
  return child.stdout;
}

/** The notes in a folder, each as latitude,longitude,message. */
async function keptIn(path: string): Promise<string[]> {
  await using store = await LevelNoteStore.open(path);
  const kept: string[] = [];
  await store.load((notes) => kept.push(...notesOf(notes).map(String)));
  return kept;
}
