import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { batchOf, takeAll, type Written } from "../../test/note-fixtures.js";
import { contains, type Rectangle, rectangleBetween } from "../geo/rectangle.js";
import { MemoryNoteStore } from "../stores/memory-note-store.js";
import type { Mailbox } from "./mailbox.js";
import { NoteBoard } from "./note-board.js";

const LIMITS = { notesPerPoint: 3, notes: 12, bytes: 500, messageBytes: 40 };

const RECENT = 2;

/** What RouteChat and WatchNotes mean, literally: notes in a list, for each stream the points that it has posted at, or its area. */
class Model {
  notes: Written[] = [];
  readonly heard = new Map<number, Set<string>>();
  readonly watched = new Map<number, Rectangle>();
  readonly sent = new Map<number, Written[]>();

  post(stream: number, note: Written): void {
    this.notes.push(note);
    const at = this.notes.filter((other) => pointOf(other) === pointOf(note));
    if (at.length > LIMITS.notesPerPoint) this.notes.splice(this.notes.indexOf(at[0] ?? note), 1);
    while (this.notes.length > LIMITS.notes || this.bytes > LIMITS.bytes) this.notes.shift();
    for (const [other, points] of this.heard) {
      if (other !== stream && points.has(pointOf(note))) this.sent.get(other)?.push(note);
    }
    for (const [other, area] of this.watched) {
      if (contains(area, note[0], note[1])) this.sent.get(other)?.push(note);
    }
    this.sent.get(stream)?.push(...this.notes.filter((other) => pointOf(other) === pointOf(note)));
    this.heard.get(stream)?.add(pointOf(note));
  }

  join(stream: number): void {
    this.heard.set(stream, new Set());
    this.sent.set(stream, []);
  }

  watch(stream: number, area: Rectangle): void {
    this.watched.set(stream, area);
    this.sent.set(
      stream,
      this.notes.filter(([latitude, longitude]) => contains(area, latitude, longitude)).slice(-RECENT),
    );
  }

  leave(stream: number): void {
    this.heard.delete(stream);
    this.watched.delete(stream);
    this.sent.delete(stream);
  }

  get bytes(): number {
    return this.notes.reduce((sum, note) => sum + batchOf([note]).bytes.length, 0);
  }
}

const pointOf = ([latitude, longitude]: Written) => `${latitude},${longitude}`;

const stream = fc.nat(3);
const watcher = fc.integer({ min: 4, max: 5 });
const anyStream = fc.nat(5);
const coordinate = fc.constantFrom(-1, 0, 1, 900_000_000);
const note = fc.tuple(coordinate, coordinate, fc.string({ maxLength: 30 }));
const corner = fc.record({ latitude: coordinate, longitude: coordinate });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("post" as const), stream, notes: fc.array(note, { minLength: 1 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), stream: anyStream }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), stream: anyStream }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("watch" as const), stream: watcher, lo: corner, hi: corner }) },
);

test("A board does what the literal model does, whoever posts, watches, reads and leaves in whatever order", async () => {
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
      for (const step of steps) {
        const { kind, stream } = step;
        const mailbox = mailboxes.get(stream);
        if (kind === "read") {
          read(stream);
        } else if (kind === "leave") {
          if (mailbox !== undefined) board.leave(mailbox);
          mailboxes.delete(stream);
          model.leave(stream);
        } else if (kind === "watch") {
          if (mailbox !== undefined) continue;
          const area = rectangleBetween(step.lo, step.hi);
          const watching = board.join();
          mailboxes.set(stream, watching);
          board.watch(watching, area, RECENT);
          model.watch(stream, area);
        } else {
          const poster = mailbox ?? board.join();
          if (mailbox === undefined) model.join(stream);
          mailboxes.set(stream, poster);
          board.post(batchOf(step.notes, poster));
          for (const written of step.notes) model.post(stream, written);
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
            watchers: model.watched.size,
          },
        );
      }
      for (const stream of mailboxes.keys()) read(stream);
    }),
    { numRuns: 300 },
  );
});
