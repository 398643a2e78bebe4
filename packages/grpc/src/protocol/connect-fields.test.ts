import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeGetQuery, encodeGetQuery, type GetRequest } from "./connect-get.js";
import { formatConnectTimeout, parseConnectTimeout } from "./connect-timeout.js";
import { appendPrefixedTrailers, isPrefixedTrailer, prefixedTrailers } from "./connect-trailers.js";

test("a timeout of up to ten digits is read; anything else is none", () => {
  assert.equal(parseConnectTimeout("0"), 0);
  assert.equal(parseConnectTimeout("9999999999"), 9_999_999_999);
  for (const value of ["", "-1", "1.5", "1e3", " 1", "10000000000", "1s"]) {
    assert.equal(parseConnectTimeout(value), undefined, value);
  }
});

test("a timeout is never written shorter than it is, nor longer than ten digits hold", () => {
  assert.equal(formatConnectTimeout(0.1), "1");
  assert.equal(formatConnectTimeout(-5), "0");
  assert.equal(formatConnectTimeout(Number.POSITIVE_INFINITY), "9999999999");
});

test("trailers keep their names and values behind their prefix, and a reserved one is no trailer", () => {
  const fields = ["content-type", "application/json"];
  appendPrefixedTrailers(fields, new Headers({ "x-cost": "3", "x-bin": "AAE", "grpc-status": "0" }));
  assert.deepEqual(fields.slice(2), ["trailer-x-bin", "AAE", "trailer-x-cost", "3"]);
  assert.deepEqual(
    [...prefixedTrailers([...fields, "trailer-content-type", "x"])],
    [
      ["x-bin", "AAE"],
      ["x-cost", "3"],
    ],
  );
  assert.ok(!isPrefixedTrailer("content-type"));
});

test("the query of a GET is read as it was written", () => {
  const request: fc.Arbitrary<GetRequest> = fc.oneof(
    fc.record({
      format: fc.constantFrom("proto", "json", "cbor"),
      message: fc.uint8Array(),
      encoding: fc.constantFrom("gzip"),
    }),
    fc.record({ format: fc.constantFrom("proto", "cbor"), message: fc.uint8Array(), encoding: fc.constant(undefined) }),
    fc.record({
      format: fc.constant("json"),
      message: fc.json().map((json) => new TextEncoder().encode(json)),
      encoding: fc.constant(undefined),
    }),
  );
  fc.assert(
    fc.property(request, (written) => {
      assert.deepEqual(decodeGetQuery(encodeGetQuery(written).slice(1)), { ...written });
    }),
  );
});

test("a query says what is wrong with it", () => {
  assert.match(String(decodeGetQuery("message=1")), /^encoding is missing/);
  assert.match(String(decodeGetQuery("encoding=json")), /^message is missing/);
  assert.match(String(decodeGetQuery("encoding=proto&message=*&base64=1")), /not base64/);
  assert.match(String(decodeGetQuery("encoding=json&message=1&connect=v2")), /expected v1/);
  assert.deepEqual(decodeGetQuery("encoding=proto&message=AAE&base64=1&compression=identity"), {
    format: "proto",
    message: Uint8Array.of(0, 1),
    encoding: undefined,
  });
});
