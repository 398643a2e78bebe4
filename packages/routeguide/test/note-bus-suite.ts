import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { NoteBus } from "../src/notes/note-bus.js";
import { batchOf, messages, notesOf, type Written } from "./note-fixtures.js";

/** The buses of several nodes that hear each other. For a bus within one process they may be one object. */
export interface BusNodes extends AsyncDisposable {
  readonly buses: readonly [NoteBus, NoteBus];
}

/** What every NoteBus does. */
export function noteBusSuite(name: string, makeNodes: () => Promise<BusNodes>): void {
  suite(name, () => {
    test("Whoever publishes has heard its own batch, as itself, when publishing is done", async () => {
      await using nodes = await makeNodes();
      const [bus] = nodes.buses;
      const heard: unknown[] = [];
      bus.join((notes) => heard.push(notes));
      const notes = batchOf([note("a"), note("b")]);
      notes.sequence = 1;
      await bus.publish(notes);
      assert.deepEqual(heard, [notes]);
      assert.equal(heard[0], notes);
    });

    test("All nodes hear all notes in one order, in which those of each node keep theirs", async () => {
      await using nodes = await makeNodes();
      const heard: string[][] = [[], []];
      const done = nodes.buses.map(
        (bus, i) =>
          new Promise<void>((resolve) => {
            bus.join((notes) => {
              heard[i]?.push(...messages(notesOf(notes)));
              if (heard[i]?.length === 60) resolve();
            });
          }),
      );
      let sequence = 1;
      await Promise.all(
        nodes.buses.map(async (bus, node) => {
          for (let i = 0; i < 30; i += 3) {
            const notes = batchOf([0, 1, 2].map((j) => note(`${node}-${i + j}`)));
            notes.sequence = sequence;
            sequence += notes.count;
            await bus.publish(notes);
          }
        }),
      );
      await Promise.all(done);
      const [one = [], other] = heard;
      assert.deepEqual(one, other);
      for (const node of [0, 1]) {
        assert.deepEqual(
          one.filter((message) => message.startsWith(`${node}-`)),
          Array.from({ length: 30 }, (_, i) => `${node}-${i}`),
        );
      }
    });

    test("Whoever has left hears nothing more", async () => {
      await using nodes = await makeNodes();
      const [bus] = nodes.buses;
      let count = 0;
      const leave = bus.join(() => count++);
      await bus.publish(batchOf([note("a")]));
      leave();
      await bus.publish(batchOf([note("b")]));
      assert.equal(count, 1);
    });
  });
}

const note = (message: string): Written => [1, 2, message];
