import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { batchOf, messages, notesOf, type Written } from "../../test/note-fixtures.js";
import { type Append, Publication } from "./publication.js";

const queueOf = (...batches: Written[][]): Append[] =>
  batches.map((written) => ({ notes: batchOf(written), resolve() {}, reject() {} }));

/** Notes at so many points, or all at one. */
const notes = (count: number, points = count): Written[] =>
  Array.from({ length: count }, (_, i) => [i % points, 0, `${i}`]);

function fill(queue: Append[], mostAtPoint = 32): Publication {
  const publication = new Publication("s", 7, mostAtPoint);
  publication.fill(queue);
  return publication;
}

suite("A publication", () => {
  test("takes all that waits, in its order, and names the points", () => {
    const queue = queueOf(
      [[1, -2, "a"]],
      [
        [3, 4, "b"],
        [1, -2, "c"],
      ],
    );
    const publication = fill(queue);
    assert.deepEqual(publication.subjects, ["s.note.1.-2", "s.note.3.4", "s.note.1.-2"]);
    assert.deepEqual([publication.count, publication.batches.length, publication.appends.length], [3, 2, 2]);
    assert.deepEqual([queue.length, publication.cut], [0, undefined]);
  });

  test("is no longer than JetStream takes, and leaves the rest in front of the queue", () => {
    const queue = queueOf(notes(700), notes(700), notes(1));
    const [, second] = queue;
    const publication = fill(queue);
    assert.equal(publication.count, 1000);
    assert.equal(publication.cut, second);
    assert.deepEqual([publication.appends.length, queue.length, second?.notes.count], [1, 2, 400]);
    assert.equal(fill(queue).count, 401);
  });

  test("takes no more at one point than others can read in time", () => {
    const queue = queueOf(notes(5, 1));
    const taken: string[][] = [];
    while (queue.length > 0) taken.push(fill(queue, 2).batches.flatMap((batch) => messages(notesOf(batch))));
    assert.deepEqual(taken, [["0", "1"], ["2", "3"], ["4"]]);
  });

  test("holds a note longer than a publication should be, alone", () => {
    const long = "x".repeat(1_100_000);
    const queue = queueOf([
      [1, 1, long],
      [2, 2, "short"],
    ]);
    assert.equal(fill(queue).count, 1);
    assert.equal(fill(queue).count, 1);
    assert.equal(queue.length, 0);
  });
});
