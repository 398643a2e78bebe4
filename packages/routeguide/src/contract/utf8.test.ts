import assert from "node:assert/strict";
import { isUtf8 as nodeIsUtf8 } from "node:buffer";
import { test } from "node:test";
import fc from "fast-check";
import { isUtf8 } from "./utf8.js";

test("Every text is UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = Buffer.from(text);
      assert.ok(isUtf8(bytes, 0, bytes.length));
    }),
  );
});

test("Any bytes are UTF-8 exactly if Node says so", () => {
  const likely = fc.constantFrom(
    0x41,
    0x7f,
    0x80,
    0xbf,
    0xc1,
    0xc2,
    0xe0,
    0x9f,
    0xa0,
    0xed,
    0xf0,
    0x8f,
    0x90,
    0xf4,
    0xf5,
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(likely, fc.integer({ min: 0, max: 255 })), { maxLength: 8 }), (bytes) => {
      assert.equal(
        isUtf8(Uint8Array.from([0xff, ...bytes, 0x80]), 1, bytes.length + 1),
        nodeIsUtf8(Buffer.from(bytes)),
      );
    }),
    { numRuns: 20_000 },
  );
});
