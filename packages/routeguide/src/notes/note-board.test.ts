import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { batchOf, messages, takeAll, type Written } from "../../test/note-fixtures.js";
import { temporaryFolder } from "../../test/temporary-folder.js";
import { LevelNoteStore } from "../stores/level-note-store.js";
import { MemoryNoteStore } from "../stores/memory-note-store.js";
import { NoteBoard } from "./note-board.js";
import { LocalNoteBus } from "./note-bus.js";
import type { NoteLimits } from "./note-limits.js";

const inMemory = (limits: Partial<NoteLimits> = {}) => NoteBoard.open({ store: new MemoryNoteStore(), limits });
const here = (message: string): Written => [1, 2, message];
const there = (message: string): Written => [2, 1, message];

suite("What a stream gets for its own notes", () => {
  test("Each note brings all that is kept at exactly its point, oldest first, itself included", async () => {
    await using board = await inMemory();
    const [ann, bob] = [board.join(), board.join()];
    board.post(batchOf([here("a1"), there("a2")], ann));
    assert.deepEqual(takeAll(ann), [here("a1"), there("a2")]);
    board.post(batchOf([here("b1"), [1, 3, "b2"], here("b3")], bob));
    assert.deepEqual(messages(takeAll(bob)), ["a1", "b1", "b2", "a1", "b1", "b3"]);
  });

  test("A stream does not hear its own notes a second time", async () => {
    await using board = await inMemory();
    const ann = board.join();
    board.post(batchOf([here("1")], ann));
    board.post(batchOf([here("2")], ann));
    assert.deepEqual(messages(takeAll(ann)), ["1", "1", "2"]);
  });

  test("Notes outlive the stream that left them", async () => {
    await using board = await inMemory();
    const ann = board.join();
    board.post(batchOf([here("a")], ann));
    board.leave(ann);
    const bob = board.join();
    board.post(batchOf([here("b")], bob));
    assert.deepEqual(messages(takeAll(bob)), ["a", "b"]);
  });

  test("Once its own replies are many, they leave joined and in order", async () => {
    await using board = await inMemory();
    const ann = board.join();
    const points = Array.from({ length: 100 }, (_, i): Written => [i, i, `first at ${i}`]);
    board.post(batchOf(points, ann));
    takeAll(ann);
    board.post(
      batchOf(
        points.toReversed().map(([latitude, longitude]): Written => [latitude, longitude, "2"]),
        ann,
      ),
    );
    const mail = ann.take();
    assert.equal(mail?.count, 200);
    assert.equal(ann.take(), undefined);
    assert.equal(ann.bytes, 0);
  });
});

suite("What a stream hears of others", () => {
  test("From its own post on, each note that another stream posts at that point, and none elsewhere", async () => {
    await using board = await inMemory();
    const [ann, bob] = [board.join(), board.join()];
    board.post(batchOf([here("b0")], bob));
    board.post(batchOf([here("a")], ann));
    takeAll(ann);
    board.post(batchOf([here("b1"), there("b2"), here("b3")], bob));
    assert.deepEqual(takeAll(ann), [here("b1"), here("b3")]);
  });

  test("A note that a thousand hear is encoded once: they are given the same bytes", async () => {
    await using board = await inMemory();
    const listeners = Array.from({ length: 1000 }, () => board.join());
    for (const mailbox of listeners) {
      board.post(batchOf([here("hello")], mailbox));
      takeAll(mailbox);
    }
    // Each of them has heard the others until now.
    for (const mailbox of listeners) takeAll(mailbox);
    board.post(batchOf([here("news")], board.join()));
    const mail = listeners.map((mailbox) => mailbox.take());
    assert.equal(new Set(mail.map((one) => one?.bytes)).size, 1);
    assert.equal(new Set(mail.map((one) => one?.start)).size, 1);
    assert.notEqual(mail[0], undefined);
  });

  test("Whoever found its mailbox empty is called once for all that one batch brings", async () => {
    await using board = await inMemory();
    let calls = 0;
    const [ann, bob] = [board.join(() => calls++), board.join()];
    board.post(batchOf([here("a")], ann));
    takeAll(ann);
    board.post(batchOf([here("b1"), here("b2")], bob));
    assert.equal(calls, 1);
    assert.deepEqual(messages(takeAll(ann)), ["b1", "b2"]);
  });

  test("Two boards on one bus are one board to those who chat, and keep each other's notes", async () => {
    const bus = new LocalNoteBus();
    await using east = await NoteBoard.open({ store: new MemoryNoteStore(), bus });
    await using west = await NoteBoard.open({ store: new MemoryNoteStore(), bus });
    const [ann, bob] = [east.join(), west.join()];
    east.post(batchOf([here("a1")], ann));
    west.post(batchOf([here("b")], bob));
    east.post(batchOf([here("a2")], ann));
    assert.deepEqual(messages(takeAll(ann)), ["a1", "b", "a1", "b", "a2"]);
    assert.deepEqual(messages(takeAll(bob)), ["a1", "b", "a2"]);
    assert.equal(west.size.notes, 3);
  });
});

suite("What is bounded", () => {
  test("The highest bounds there may be are taken, and cost nothing before notes come", async () => {
    await using board = await inMemory({
      notes: 2 ** 25,
      pointsHeard: 2 ** 25,
      pointsPerStream: 2 ** 27,
      bytes: 2 ** 27,
    });
    const ann = board.join();
    board.post(batchOf([here("1")], ann));
    assert.deepEqual(messages(takeAll(ann)), ["1"]);
    await assert.rejects(inMemory({ notes: 2 ** 25 + 1 }), RangeError);
  });

  test("At one point the oldest notes go first", async () => {
    await using board = await inMemory({ notesPerPoint: 2 });
    const ann = board.join();
    board.post(batchOf([here("1"), there("x"), here("2"), here("3")], ann));
    assert.deepEqual(messages(takeAll(ann)), ["1", "x", "1", "2", "2", "3"]);
    assert.equal(board.size.notes, 3);
  });

  test("In all the oldest notes go first, wherever they are", async () => {
    await using board = await inMemory({ notes: 3 });
    const [ann, bob] = [board.join(), board.join()];
    board.post(batchOf([here("1"), there("2"), here("3"), there("4")], ann));
    board.leave(ann);
    board.post(batchOf([[3, 3, "5"], here("6")], bob));
    assert.deepEqual(messages(takeAll(bob)), ["5", "6"]);
    assert.equal(board.size.notes, 3);
  });

  test("Bytes of all notes are bounded, and so is what is reserved for them, whatever goes from their middle", async () => {
    const limits = { bytes: 256 * 1024, messageBytes: 1000 };
    await using board = await inMemory(limits);
    const ann = board.join();
    const text = "x".repeat(900);
    for (let i = 0; i < 2000; i++) {
      // One note in eight stays where nobody posts again; the others push each other out.
      board.post(batchOf([[i % 8 === 0 ? i : 1, 0, text]], ann));
      takeAll(ann);
      assert.ok(board.size.bytes <= limits.bytes);
      assert.ok(board.size.reservedBytes <= 2.25 * limits.bytes + 512 * 1024);
    }
    assert.ok(board.size.bytes > limits.bytes - 2000);
  });

  test("Points at which nothing is kept and nobody listens are forgotten", async () => {
    await using board = await inMemory({ notes: 10 });
    const ann = board.join();
    board.post(
      batchOf(
        Array.from({ length: 500 }, (_, i): Written => [i, -i, ""]),
        ann,
      ),
    );
    assert.equal(board.size.points, 500);
    board.leave(ann);
    assert.equal(board.size.points, 10);
    assert.equal(board.size.heard, 0);
  });

  test("A listener that does not read is closed at the bound of its mailbox, and the others hear on", async () => {
    await using board = await inMemory({ mailboxBytes: 1000 });
    const [slow, quick, ann] = [board.join(), board.join(), board.join()];
    for (const mailbox of [slow, quick]) board.post(batchOf([here("")], mailbox));
    for (const mailbox of [slow, quick]) takeAll(mailbox);
    const text = "x".repeat(400);
    for (let i = 0; i < 3; i++) {
      assert.equal(slow.fault, undefined);
      board.post(batchOf([here(text)], ann));
      assert.equal(takeAll(quick).length, 1);
    }
    assert.equal(slow.fault, "full");
    assert.equal(slow.bytes, 0);
    assert.equal(slow.take(), undefined);
    assert.equal(quick.fault, undefined);
    assert.equal(board.size.heard, 2);
  });

  test("A stream that posts at one point more than it may hear of is closed", async () => {
    await using board = await inMemory({ pointsPerStream: 2 });
    const ann = board.join();
    board.post(batchOf([here("1"), there("2"), here("3")], ann));
    assert.equal(ann.fault, undefined);
    board.post(batchOf([[9, 9, "4"]], ann));
    assert.equal(ann.fault, "too-many-points");
    assert.equal(board.size.heard, 0);
  });

  test("The stream that wants to hear of more than all together may is closed", async () => {
    await using board = await inMemory({ pointsHeard: 3 });
    const [ann, bob] = [board.join(), board.join()];
    board.post(batchOf([here("1"), there("2")], ann));
    board.post(batchOf([here("3"), there("4")], bob));
    assert.equal(ann.fault, undefined);
    assert.equal(bob.fault, "too-many-listeners");
    assert.equal(board.size.heard, 2);
  });

  test("A limit that makes no sense is refused by its name", async () => {
    await assert.rejects(inMemory({ notes: 0 }), {
      name: "RangeError",
      message: /^notes is 0: expected a whole number/,
    });
    await assert.rejects(inMemory({ bytes: 4096 }), {
      name: "RangeError",
      message: /^bytes is 4096: expected at least/,
    });
  });
});

suite("What waits for the disk", () => {
  test("Nobody is sent a note before it is kept, and all are once it is", async () => {
    await using folder = await temporaryFolder();
    await using board = await NoteBoard.open({ store: await LevelNoteStore.open(folder.path) });
    const [ann, bob] = [board.join(), board.join()];
    await board.post(batchOf([here("b")], bob));
    takeAll(bob);
    const posted = board.post(batchOf([here("a")], ann));
    assert.deepEqual([takeAll(ann), takeAll(bob)], [[], []]);
    await posted;
    assert.deepEqual([messages(takeAll(ann)), messages(takeAll(bob))], [["b", "a"], ["a"]]);
  });

  test("All listeners of a point hear its notes in the order in which they are loaded after a restart", async () => {
    await using folder = await temporaryFolder();
    const heard: string[][] = [];
    {
      await using board = await NoteBoard.open({ store: await LevelNoteStore.open(folder.path) });
      const listeners = [board.join(), board.join()];
      for (const mailbox of listeners) await board.post(batchOf([here("")], mailbox));
      for (const mailbox of listeners) takeAll(mailbox);
      await Promise.all(
        ["a", "b", "c", "d", "e"].map(async (name) => {
          const mailbox = board.join();
          for (let i = 0; i < 8; i++) await board.post(batchOf([here(`${name}${i}`)], mailbox));
        }),
      );
      heard.push(...listeners.map((mailbox) => messages(takeAll(mailbox))));
    }
    const [one = [], other] = heard;
    assert.equal(one.length, 40);
    assert.deepEqual(one, other);
    assert.deepEqual(
      one.filter((message) => message.startsWith("a")),
      Array.from({ length: 8 }, (_, i) => `a${i}`),
    );
    await using board = await NoteBoard.open({ store: await LevelNoteStore.open(folder.path) });
    const late = board.join();
    await board.post(batchOf([here("late")], late));
    assert.deepEqual(messages(takeAll(late)), ["", "", ...one, "late"]);
  });

  test("What the bounds pushed out is not on the disk, and tighter bounds hold for what is loaded", async () => {
    await using folder = await temporaryFolder();
    {
      const store = await LevelNoteStore.open(folder.path);
      await using board = await NoteBoard.open({ store, limits: { notesPerPoint: 4 } });
      const ann = board.join();
      for (let i = 0; i < 10; i++) await board.post(batchOf([here(`${i}`)], ann));
    }
    {
      const store = await LevelNoteStore.open(folder.path);
      let count = 0;
      await store.load((notes) => (count += notes.count));
      assert.equal(count, 4);
      await store[Symbol.asyncDispose]();
    }
    const store = await LevelNoteStore.open(folder.path);
    await using board = await NoteBoard.open({ store, limits: { notesPerPoint: 2 } });
    assert.equal(board.size.notes, 2);
    const ann = board.join();
    await board.post(batchOf([here("10")], ann));
    assert.deepEqual(messages(takeAll(ann)), ["9", "10"]);
  });

  test("A board that cannot be opened gives its store back", async () => {
    await using folder = await temporaryFolder();
    const refused = NoteBoard.open({ store: await LevelNoteStore.open(folder.path), limits: { notes: -1 } });
    await assert.rejects(refused, RangeError);
    const unreadable = await LevelNoteStore.open(folder.path);
    await unreadable[Symbol.asyncDispose]();
    await assert.rejects(NoteBoard.open({ store: unreadable }), { name: "NoteStoreError" });
    await using board = await NoteBoard.open({ store: await LevelNoteStore.open(folder.path) });
    assert.equal(board.size.notes, 0);
  });

  test("A stream that leaves while its note is written leaves nothing behind but the note", async () => {
    await using folder = await temporaryFolder();
    await using board = await NoteBoard.open({ store: await LevelNoteStore.open(folder.path) });
    const ann = board.join();
    const posted = board.post(batchOf([here("a")], ann));
    board.leave(ann);
    await posted;
    const { notes, heard, streams } = board.size;
    assert.deepEqual({ notes, heard, streams }, { notes: 1, heard: 0, streams: 0 });
  });
});
