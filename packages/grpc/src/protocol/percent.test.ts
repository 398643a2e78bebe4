import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { percentDecode, percentEncode } from "./percent.js";

test("a message is read as it was written, whatever it says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => assert.equal(percentDecode(percentEncode(text)), text)),
  );
});

test("what is written is printable ASCII", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.match(percentEncode(text), /^[ -~]*$/)));
});

test("only what must be is encoded, in capitals, as grpc's own implementations do", () => {
  assert.equal(percentEncode("plain text, with (marks)!"), "plain text, with (marks)!");
  assert.equal(percentEncode("100%\nü☺"), "100%25%0A%C3%BC%E2%98%BA");
});

test("halves of surrogate pairs become the replacement character", () => {
  assert.equal(percentDecode(percentEncode("a\ud800b")), "a\ufffdb");
});

test("what is not well encoded is kept as it is", () => {
  for (const text of ["100%", "%", "%4", "%zz", "%%20"]) {
    assert.equal(percentDecode(text), text.replace("%20", " "));
  }
  assert.equal(percentDecode("%41%zz%42"), "A%zzB");
  assert.equal(percentDecode("%ff"), "\ufffd");
  fc.assert(fc.property(fc.string(), (text) => assert.equal(typeof percentDecode(text), "string")));
});
