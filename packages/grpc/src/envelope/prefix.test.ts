import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { declaredLength, PREFIX_BYTES, writePrefix } from "./prefix.js";

test("a length is read as it was written, up to 4 GiB, wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.nat({ max: 255 }),
      fc.nat({ max: 9 }),
      (length, flags, at) => {
        const bytes = new Uint8Array(at + PREFIX_BYTES);
        writePrefix(bytes, at, flags, length);
        assert.equal(bytes[at], flags);
        assert.equal(declaredLength(bytes, at), length);
        assert.equal(Buffer.from(bytes).readUInt32BE(at + 1), length);
      },
    ),
  );
});
