import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { batchOf, takeAll, type Written } from "../../test/note-fixtures.js";
import { MemoryNoteStore } from "../stores/memory-note-store.js";
import type { Mailbox } from "./mailbox.js";
import { NoteBoard } from "./note-board.js";

const LIMITS = { notesPerPoint: 3, notes: 12, bytes: 500, messageBytes: 40 };

/** What RouteChat means, literally: notes in a list, and for each stream the points that it has posted at. */
class Model {
  notes: Written[] = [];
  readonly heard = new Map<number, Set<string>>();
  readonly sent = new Map<number, Written[]>();

  post(stream: number, note: Written): void {
    this.notes.push(note);
    const at = this.notes.filter((other) => pointOf(other) === pointOf(note));
    if (at.length > LIMITS.notesPerPoint) this.notes.splice(this.notes.indexOf(at[0] ?? note), 1);
    while (this.notes.length > LIMITS.notes || this.bytes > LIMITS.bytes) this.notes.shift();
    for (const [other, points] of this.heard) {
      if (other !== stream && points.has(pointOf(note))) this.sent.get(other)?.push(note);
    }
    this.sent.get(stream)?.push(...this.notes.filter((other) => pointOf(other) === pointOf(note)));
    this.heard.get(stream)?.add(pointOf(note));
  }

  join(stream: number): void {
    this.heard.set(stream, new Set());
    this.sent.set(stream, []);
  }

  leave(stream: number): void {
    this.heard.delete(stream);
    this.sent.delete(stream);
  }

  get bytes(): number {
    return this.notes.reduce((sum, note) => sum + batchOf([note]).bytes.length, 0);
  }
}

const pointOf = ([latitude, longitude]: Written) => `${latitude},${longitude}`;

const stream = fc.nat(3);
const coordinate = fc.constantFrom(-1, 0, 1, 900_000_000);
const note = fc.tuple(coordinate, coordinate, fc.string({ maxLength: 30 }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("post"), stream, notes: fc.array(note, { minLength: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read"), stream, notes: fc.constant([]) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave"), stream, notes: fc.constant([]) }) },
);

test("A board does what the literal model does, whoever posts, reads and leaves in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      await using board = await NoteBoard.open({ store: new MemoryNoteStore(), limits: LIMITS });
      const model = new Model();
      const mailboxes = new Map<number, Mailbox>();
      const read = (stream: number) => {
        const mailbox = mailboxes.get(stream);
        if (mailbox === undefined) return;
        assert.deepEqual(takeAll(mailbox), model.sent.get(stream));
        model.sent.set(stream, []);
      };
      for (const { kind, stream, notes } of steps) {
        if (kind === "read") {
          read(stream);
        } else if (kind === "leave") {
          const mailbox = mailboxes.get(stream);
          if (mailbox !== undefined) board.leave(mailbox);
          mailboxes.delete(stream);
          model.leave(stream);
        } else {
          const mailbox = mailboxes.get(stream) ?? board.join();
          if (!mailboxes.has(stream)) model.join(stream);
          mailboxes.set(stream, mailbox);
          board.post(batchOf(notes, mailbox));
          for (const written of notes) model.post(stream, written);
        }
        const heard = [...model.heard.values()].flatMap((points) => [...points]);
        assert.deepEqual(
          { ...board.size, reservedBytes: 0 },
          {
            notes: model.notes.length,
            bytes: model.bytes,
            reservedBytes: 0,
            points: new Set([...model.notes.map(pointOf), ...heard]).size,
            streams: mailboxes.size,
            heard: heard.length,
            watchers: 0,
          },
        );
      }
      for (const stream of mailboxes.keys()) read(stream);
    }),
    { numRuns: 300 },
  );
});
