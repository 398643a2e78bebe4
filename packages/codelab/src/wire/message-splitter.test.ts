import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MessageSplitter } from "./message-splitter.js";

test("messages come out whole, however the bytes are cut", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 });
  fc.assert(
    fc.property(messages, fc.array(fc.nat(40), { maxLength: 10 }), (sent, cuts) => {
      const bytes = Buffer.concat(
        sent.map((message) => Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message])),
      );
      const splitter = new MessageSplitter();
      const found: Uint8Array[] = [];
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        const end = Math.min(bytes.length, at + cut);
        splitter.add(bytes, at, end, (message) => found.push(Uint8Array.from(message)));
        at = end;
      }
      assert.deepEqual(
        found.map((message) => [...message]),
        sent.map((message) => [...message]),
      );
    }),
  );
});
