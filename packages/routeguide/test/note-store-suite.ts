import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type NoteStore, NoteStoreError } from "../src/notes/note-store.js";
import { batchOf, notesOf, type Written } from "./note-fixtures.js";

/** A place where a store keeps its notes, empty at first. */
export interface StorePlace extends AsyncDisposable {
  /** Opens a store there. The one before has been closed. */
  open(): Promise<NoteStore>;
}

/** What a store does not do, and why. */
export interface Lacks {
  /** Keeps notes past its closing. */
  readonly lasting?: string;
  /** Deletes what it is told to forget. */
  readonly forgetting?: string;
}

/** What every NoteStore does. */
export function noteStoreSuite(name: string, makePlace: () => Promise<StorePlace>, lacks: Lacks = {}): void {
  const lasting = lacks.lasting === undefined ? {} : { skip: lacks.lasting };
  const forgetting = lacks.forgetting === undefined ? lasting : { skip: lacks.forgetting };

  suite(name, () => {
    test("An empty place loads nothing, and numbers grow from batch to batch and note to note", async () => {
      await using place = await makePlace();
      await using store = await place.open();
      assert.deepEqual(await load(store), []);
      const [one, two] = [batchOf([note(1), note(2)]), batchOf([note(3)])];
      await Promise.all([store.append(one), store.append(two)]);
      assert.ok(one.sequence > 0);
      assert.equal(two.sequence, one.sequence + 2);
    });

    test("Promises of appends resolve in the order of their calls", async () => {
      await using place = await makePlace();
      await using store = await place.open();
      const resolved: number[] = [];
      const appends = Array.from({ length: 20 }, async (_, i) => {
        // Some arrive in later turns, while others are being written.
        for (let turn = 0; turn < i % 3; turn++) await new Promise(setImmediate);
        const notes = batchOf([note(i)]);
        await store.append(notes);
        resolved.push(notes.sequence);
      });
      await Promise.all(appends);
      assert.deepEqual(
        resolved,
        resolved.toSorted((a, b) => a - b),
      );
      assert.equal(resolved.length, 20);
    });

    test(
      "What was appended is loaded by the next who opens the place, byte for byte and in order",
      lasting,
      async () => {
        await using place = await makePlace();
        const written = Array.from({ length: 3000 }, (_, i) => note(i));
        {
          await using store = await place.open();
          await store.append(batchOf(written.slice(0, 10)));
          await Promise.all([store.append(batchOf(written.slice(10, 11))), store.append(batchOf(written.slice(11)))]);
        }
        await using store = await place.open();
        assert.deepEqual(await load(store), written);
      },
    );

    test("A batch may be filled anew once it is kept", lasting, async () => {
      await using place = await makePlace();
      {
        await using store = await place.open();
        const notes = batchOf([note(1)]);
        await store.append(notes);
        notes.bytes.fill(0);
        notes.restart(new Uint8Array(0));
      }
      await using store = await place.open();
      assert.deepEqual(await load(store), [note(1)]);
    });

    test("What was forgotten is not loaded again", forgetting, async () => {
      await using place = await makePlace();
      {
        await using store = await place.open();
        const notes = batchOf([note(1), note(2), note(3)]);
        await store.append(notes);
        store.forget?.(notes.sequence + 1);
        await store.append(batchOf([note(4)]));
        store.forget?.(notes.sequence);
      }
      await using store = await place.open();
      assert.deepEqual(await load(store), [note(3), note(4)]);
    });

    test("A number is never given twice, not even after a restart", lasting, async () => {
      await using place = await makePlace();
      const before = batchOf([note(1), note(2)]);
      {
        await using store = await place.open();
        await store.append(before);
      }
      await using store = await place.open();
      await load(store);
      const after = batchOf([note(3)]);
      await store.append(after);
      assert.ok(after.sequence > before.sequence + 1);
    });

    test("A store that is closed while it writes keeps what it was given", lasting, async () => {
      await using place = await makePlace();
      const store = await place.open();
      const kept = store.append(batchOf([note(1)]));
      await store[Symbol.asyncDispose]();
      await kept;
      await using reopened = await place.open();
      assert.deepEqual(await load(reopened), [note(1)]);
    });

    test("A closed store refuses notes, and may be closed again", async () => {
      await using place = await makePlace();
      await using store = await place.open();
      await store[Symbol.asyncDispose]();
      await assert.rejects(
        async () => store.append(batchOf([note(1)])),
        (error) => error instanceof NoteStoreError && error.fault === "closed",
      );
    });
  });
}

const note = (i: number): Written => [i - 5, 3 * (5 - i), i % 2 === 0 ? `Note ${i}` : ""];

async function load(store: NoteStore): Promise<Written[]> {
  const loaded: Written[] = [];
  await store.load((notes) => loaded.push(...notesOf(notes)));
  return loaded;
}
