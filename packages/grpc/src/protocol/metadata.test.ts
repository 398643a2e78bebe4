import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { appendMetadata, headersOf, isReserved } from "./metadata.js";

function appended(metadata: Headers): string[] {
  const fields: string[] = ["first", "0"];
  appendMetadata(fields, metadata);
  return fields.slice(2);
}

test("the protocol's names are reserved, in part by their beginning", () => {
  for (const name of [
    "grpc-status",
    "grpc-anything",
    ":path",
    "te",
    "content-type",
    "connection",
    "transfer-encoding",
  ]) {
    assert.equal(isReserved(name), true, name);
  }
  for (const name of ["x-grpc-status", "grpc", "authorization", "content-types", "tea"]) {
    assert.equal(isReserved(name), false, name);
  }
});

test("metadata is appended without what is reserved", () => {
  const metadata = new Headers({ "x-a": "1", "grpc-status": "5", te: "no", "X-B": "2" });
  assert.deepEqual(appended(metadata), ["x-a", "1", "x-b", "2"]);
});

test("binary values that were joined go out in fields of their own, text values as they are", () => {
  const metadata = new Headers();
  for (const value of ["AQ", "Ag=="]) metadata.append("x-bin", value);
  for (const value of ["a", "b"]) metadata.append("x-text", value);
  assert.deepEqual(appended(metadata), ["x-bin", "AQ", "x-bin", "Ag==", "x-text", "a, b"]);
});

test("fields become Headers, repeated ones joined, only those that are wanted", () => {
  const headers = headersOf(["a", "1", "b", "2", "a", "3"], (name) => name !== "b");
  assert.deepEqual([...headers], [["a", "1, 3"]]);
});

test("fields that Headers refuses are left out, and the rest stays", () => {
  const hostile = ["a", "1", "not a name", "x", "b", "line\nbreak", "", "empty", "c", "\u{1f600}", "d", "4"];
  assert.deepEqual(
    [...headersOf(hostile)].map(([name]) => name),
    ["a", "d"],
  );
  fc.assert(fc.property(fc.array(fc.string({ unit: "binary" })), (fields) => void headersOf(fields)));
});
