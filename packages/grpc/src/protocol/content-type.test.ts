import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contentTypeOf, parseContentType } from "./content-type.js";

test("gRPC's content types are read in any case, with parameters or without", () => {
  for (const value of [
    "application/grpc",
    "application/grpc+proto",
    "APPLICATION/gRPC",
    "application/grpc;charset=utf-8",
    "application/grpc+proto ; a=b",
  ]) {
    assert.equal(parseContentType(value), "proto", value);
  }
  assert.equal(parseContentType("application/grpc+json"), "json");
  assert.equal(parseContentType("application/grpc+JSON; charset=utf-8"), "json");
});

test("others are none", () => {
  for (const value of [
    undefined,
    "",
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpcx",
    "application/grpc+xml",
    "application/json",
    " application/grpc",
    ";application/grpc",
  ]) {
    assert.equal(parseContentType(value), undefined, value);
  }
  fc.assert(fc.property(fc.string(), (value) => assert.equal(parseContentType(value), undefined)));
});

test("what is written is read as the same format", () => {
  for (const format of ["proto", "json"] as const) assert.equal(parseContentType(contentTypeOf(format)), format);
});
