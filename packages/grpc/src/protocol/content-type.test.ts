import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contentTypeOf, type Dialect, parseContentType } from "./content-type.js";

const DIALECTS: readonly Dialect[] = ["grpc", "grpc-web", "grpc-web-text", "connect", "connect-unary"];

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
    "application/grpc+",
    "application/json",
    " application/grpc",
    ";application/grpc",
  ]) {
    assert.equal(parseContentType(value), undefined, value);
  }
  fc.assert(fc.property(fc.string(), (value) => assert.equal(parseContentType(value), undefined)));
});

test("the other dialects have types of their own, and none is taken for another", () => {
  const types: [string, Dialect, string][] = [
    ["application/grpc+cbor", "grpc", "cbor"],
    ["application/grpc-web", "grpc-web", "proto"],
    ["application/grpc-web+json", "grpc-web", "json"],
    ["application/grpc-web-text", "grpc-web-text", "proto"],
    ["Application/gRPC-Web-Text+proto; charset=utf-8", "grpc-web-text", "proto"],
    ["application/connect+json", "connect", "json"],
    ["application/json; charset=utf-8", "connect-unary", "json"],
    ["application/proto", "connect-unary", "proto"],
  ];
  for (const [value, dialect, format] of types) {
    for (const other of DIALECTS) {
      assert.equal(parseContentType(value, other), other === dialect ? format : undefined, `${value} as ${other}`);
    }
  }
  assert.equal(
    parseContentType("application/connect", "connect"),
    undefined,
    "a stream of Connect has no default format",
  );
});

test("what is written is read as the same format", () => {
  for (const dialect of DIALECTS) {
    for (const format of ["proto", "json", "cbor"]) {
      assert.equal(parseContentType(contentTypeOf(format, dialect), dialect), format);
    }
  }
});
