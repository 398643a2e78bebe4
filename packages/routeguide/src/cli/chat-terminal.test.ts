import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { ChatTerminal } from "./chat-terminal.js";
import { Interrupted } from "./failure.js";
import type { Note } from "./notes-input.js";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

function open(place?: Note["location"]) {
  const stdin = new PassThrough();
  const stderr = new PassThrough({ encoding: "utf8" });
  return { stdin, stderr, terminal: new ChatTerminal({ stdin, stderr }, place) };
}

async function collect(notes: AsyncIterable<Note>): Promise<Note[]> {
  const all: Note[] = [];
  for await (const note of notes) all.push(note);
  return all;
}

test("lines become notes at the place that was set last", async () => {
  const { stdin, terminal } = open({ latitude: 0, longitude: 0 });
  stdin.write("first\r/at 1,2\rsecond\r3,4 third\r/nonsense\r\rfourth\r/quit\rnever\r");
  assert.deepEqual(await collect(terminal.notes()), [
    { location: { latitude: 0, longitude: 0 }, message: "first" },
    { location: { latitude: 10_000_000, longitude: 20_000_000 }, message: "second" },
    { location: { latitude: 30_000_000, longitude: 40_000_000 }, message: "third" },
    { location: { latitude: 10_000_000, longitude: 20_000_000 }, message: "fourth" },
  ]);
});

test("Ctrl-D ends the notes without interrupting", async () => {
  const { stdin, terminal } = open({ latitude: 0, longitude: 0 });
  stdin.write(`first\r${CTRL_D}`);
  assert.equal((await collect(terminal.notes())).length, 1);
  assert.equal(terminal.interrupt.aborted, false);
});

test("Ctrl-C ends the notes and interrupts", async () => {
  const { stdin, terminal } = open({ latitude: 0, longitude: 0 });
  stdin.write(`first\rhalf a li${CTRL_C}`);
  assert.equal((await collect(terminal.notes())).length, 1);
  assert.ok(terminal.interrupt.reason instanceof Interrupted);
  assert.equal(terminal.interrupt.reason.exitCode, 130);
});

test("what is printed above leaves what is being typed as it is", async () => {
  const { stdin, stderr, terminal } = open({ latitude: 0, longitude: 0 });
  const notes = terminal.notes();
  const first = notes.next();
  stdin.write("half a li");
  stderr.read();
  await terminal.above(async () => void stderr.write("HEARD\n"));
  assert.match(stderr.read(), /HEARD\n.*0, 0 > half a li/s);
  stdin.write("ne\r");
  assert.equal((await first).value?.message, "half a line");
  terminal[Symbol.dispose]();
});
