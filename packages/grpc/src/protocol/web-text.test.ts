import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Base64Pieces, encodeBase64Piece } from "./base64-pieces.js";
import { decodeWebTrailers, encodeWebTrailers, WEB_TRAILERS } from "./web-trailers.js";

test("trailers in the body are read as they were written", () => {
  const trailers = ["grpc-status", "0", "grpc-message", "caf%C3%A9: none", "x-empty", "", "x-octets", "\u00e9"];
  const bytes = encodeWebTrailers(trailers);
  assert.equal(bytes[0], WEB_TRAILERS);
  assert.equal(bytes[4], bytes.length - 5);
  assert.deepEqual(decodeWebTrailers(bytes.subarray(5)), trailers);
});

test("trailers of others are read with names in any case, and lines that end otherwise", () => {
  const read = (text: string) => decodeWebTrailers(new TextEncoder().encode(text));
  assert.deepEqual(read("Grpc-Status:0\nx-a : b\n"), ["grpc-status", "0", "x-a", "b"]);
  assert.deepEqual(read(""), []);
  for (const text of ["no field", ":0", "a: b\r\nbroken"]) assert.equal(read(text), undefined);
});

test("base64 is read however it was split, before it was written and on its way", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (pieces, cuts) => {
      const text = Buffer.concat(pieces.map(encodeBase64Piece));
      const decoder = new Base64Pieces();
      const decoded: Uint8Array[] = [];
      for (let at = 0; at < text.length; ) {
        const end = Math.min(text.length, at + (cuts.next().value ?? 1));
        const bytes = decoder.decode(text, at, end);
        assert.ok(bytes !== undefined);
        decoded.push(bytes);
        at = end;
      }
      assert.ok(decoder.isWhole);
      assert.ok(Buffer.concat(decoded).equals(Buffer.concat(pieces)));
    }),
  );
});

test("what is not base64 is refused, and a group that is not whole is known", () => {
  for (const text of ["!", "A===", "AA=A", "=", "AAAA=", "AA A"]) {
    assert.equal(new Base64Pieces().decode(Buffer.from(text), 0, text.length), undefined, text);
  }
  const decoder = new Base64Pieces();
  assert.deepEqual(decoder.decode(Buffer.from("AAE"), 0, 3)?.length, 0);
  assert.ok(!decoder.isWhole);
});
