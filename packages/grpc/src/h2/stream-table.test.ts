import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RequestHead } from "./message-head.js";
import { H2Stream, type StreamHost } from "./stream.js";
import { StreamTable } from "./stream-table.js";

const HEAD = new RequestHead("POST", "/", "", [], -1);
/** The table looks at nothing but the number. */
const HOST = {} as StreamHost;

test("the table holds what a Map would hold", () => {
  const step = fc.oneof(fc.constant("open"), fc.nat(200));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
      const table = new StreamTable();
      const plain = new Map<number, H2Stream>();
      let next = 1;
      for (const step of steps) {
        if (step === "open") {
          const stream = new H2Stream(HOST, HEAD, next, true, 0, 0);
          next += 2;
          table.add(stream);
          plain.set(stream.id, stream);
        } else {
          const stream = [...plain.values()][step];
          if (stream !== undefined) {
            table.remove(stream);
            plain.delete(stream.id);
          }
        }
        assert.equal(table.size, plain.size);
      }
      for (let id = 0; id <= next; id++) assert.equal(table.get(id), plain.get(id));
      assert.deepEqual(
        table
          .all()
          .map(({ id }) => id)
          .sort((a, b) => a - b),
        [...plain.keys()],
      );
    }),
  );
});
