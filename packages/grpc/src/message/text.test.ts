import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteWriter } from "./byte-writer.js";
import { readLenientText, readText, writeText } from "./text.js";

/** Texts in one read, with bytes between them that are none. */
function laidOut(texts: readonly string[]): { bytes: Buffer; ranges: readonly (readonly [number, number])[] } {
  const parts: Buffer[] = [];
  const ranges: (readonly [number, number])[] = [];
  let at = 0;
  for (const text of texts) {
    const part = Buffer.from(text);
    ranges.push([at + 2, at + 2 + part.length]);
    parts.push(Buffer.of(0x80, 0xff), part);
    at += 2 + part.length;
  }
  return { bytes: Buffer.concat(parts), ranges };
}

const texts = fc.array(
  fc.oneof(
    fc.string({ maxLength: 150 }),
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.string({ minLength: 1000, maxLength: 1100 }),
  ),
  { maxLength: 60 },
);

test("texts of one read are the same read together, in any order, as alone", () => {
  fc.assert(
    fc.property(texts, fc.infiniteStream(fc.nat()), (texts, picks) => {
      const { bytes, ranges } = laidOut(texts);
      const order = [...texts.keys(), ...texts.map(() => (picks.next().value ?? 0) % texts.length)];
      for (const i of order) {
        const [start, end] = ranges[i] ?? [0, 0];
        assert.equal(readText(bytes, start, end, bytes.length), texts[i]);
        assert.equal(readLenientText(bytes, start, end, bytes.length), texts[i]);
        assert.equal(readText(bytes, start, end, end), texts[i]);
        assert.equal(readText(Uint8Array.from(bytes), start, end, bytes.length), texts[i]);
      }
    }),
  );
});

test("nothing is read ahead of what is final", () => {
  const bytes = Buffer.from("first text, second text, third text");
  assert.equal(readText(bytes, 0, 10, 23), "first text");
  bytes.write("other", 25);
  assert.equal(readText(bytes, 12, 23, 23), "second text");
  assert.equal(readText(bytes, 25, 35, 35), "other text");
});

test("bytes that are no UTF-8 are refused, or replaced, wherever they stand in a read", () => {
  const { bytes, ranges } = laidOut(["Valley Road", "12345678", "Jefferson"]);
  const [start, end] = ranges[1] ?? [0, 0];
  bytes[start + 3] = 0xff;
  assert.throws(() => readText(bytes, start, end, bytes.length), TypeError);
  assert.equal(readLenientText(bytes, start, end, bytes.length), "123\ufffd5678");
  const [after, afterEnd] = ranges[2] ?? [0, 0];
  assert.equal(readText(bytes, after, afterEnd, bytes.length), "Jefferson");
});

for (const where of ["Node", "a browser"]) {
  test(`a text is written as a TextEncoder does behind its length, in ${where}, wherever a slab ends`, () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(texts, fc.array(fc.string({ unit: "binary", maxLength: 50 })), (texts, more) => {
        const out = new ByteWriter(200);
        for (const text of [...texts, ...more]) {
          out.begin();
          out.reserve(3 * text.length + 5);
          if (where !== "Node") out.buffer = undefined;
          writeText(out, text);
          const utf8 = encoder.encode(text);
          const length = utf8.length < 128 ? [utf8.length] : [(utf8.length & 127) | 128, utf8.length >> 7];
          assert.deepEqual(Buffer.from(out.bytes.subarray(out.mark, out.at)), Buffer.from([...length, ...utf8]));
        }
      }),
    );
  });
}
