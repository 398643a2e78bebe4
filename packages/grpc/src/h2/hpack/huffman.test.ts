import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { huffmanDecode, huffmanEncode, huffmanLength, huffmanRoom } from "./huffman.js";

const octetStrings = fc
  .uint8Array({ maxLength: 200 })
  .map((octets) => Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));

function decode(code: readonly number[] | Uint8Array): string | undefined {
  const into = new Uint8Array(huffmanRoom(code.length));
  const length = huffmanDecode(Uint8Array.from(code), 0, code.length, into);
  return length < 0 ? undefined : String.fromCharCode(...into.subarray(0, length));
}

test("Huffman code of any octets decodes to them and has the length foretold", () => {
  fc.assert(
    fc.property(octetStrings, (text) => {
      const code = new Uint8Array(huffmanLength(text));
      assert.equal(huffmanEncode(text, code, 0), code.length);
      assert.equal(decode(code), text);
    }),
  );
});

test("Huffman code of RFC 7541, C.4.1 decodes", () => {
  assert.equal(decode([0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff]), "www.example.com");
});

test("Huffman padding of 8 bits or more is an error", () => {
  assert.equal(decode([0x1f]), "a", "00011 and three ones");
  assert.equal(decode([0x1f, 0xff]), undefined, "eleven ones");
  assert.equal(decode([0xff]), undefined, "eight ones and nothing else");
});

test("Huffman padding of anything but ones is an error", () => {
  assert.equal(decode([0x18]), undefined);
  assert.equal(decode([0x1e]), undefined);
});

test("EOS inside Huffman code is an error", () => {
  assert.equal(decode([0xff, 0xff, 0xff, 0xff]), undefined, "30 ones and two more");
  assert.equal(decode([0xff, 0xff, 0xff, 0xfc, 0x7f]), undefined, "30 ones, then a");
});

test("decoding any octets as Huffman code writes no more than the room it asks for", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (code) => {
      assert.ok(huffmanDecode(code, 0, code.length, new Uint8Array(0)) <= huffmanRoom(code.length));
    }),
  );
});
