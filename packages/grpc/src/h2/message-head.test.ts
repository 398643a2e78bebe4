import assert from "node:assert/strict";
import { test } from "node:test";
import { areTrailers, readRequest, readResponse } from "./message-head.js";

const GET = [":method", "GET", ":scheme", "http", ":path", "/a?b"];

test("a request's head is cut into what steers and what is carried", () => {
  const head = readRequest([...GET, ":authority", "host:1", "accept", "*/*", "content-length", "12"]);
  assert.equal(head?.verb, "GET");
  assert.equal(head.path, "/a?b");
  assert.equal(head.authority, "host:1");
  assert.deepEqual(head.fields, ["accept", "*/*", "content-length", "12"]);
  assert.equal(head.contentLength, 12);
  assert.equal(readRequest(GET)?.authority, "");
  assert.equal(readRequest(GET)?.contentLength, -1);
});

test("CONNECT has an authority and nothing else, OPTIONS may ask for everything", () => {
  assert.equal(readRequest([":method", "CONNECT", ":authority", "host:1"])?.path, "");
  assert.equal(readRequest([":method", "CONNECT", ":authority", "host:1", ":path", "/"]), undefined);
  assert.equal(readRequest([":method", "CONNECT"]), undefined);
  assert.equal(readRequest([":method", "OPTIONS", ":scheme", "http", ":path", "*"])?.path, "*");
});

const malformed: Record<string, string[]> = {
  "without a method": GET.slice(2),
  "without a scheme": [":method", "GET", ":path", "/"],
  "without a path": [":method", "GET", ":scheme", "http"],
  "with an empty path": [":method", "GET", ":scheme", "http", ":path", ""],
  "with a path that is none": [":method", "GET", ":scheme", "http", ":path", "a"],
  "with everything as its path": [":method", "GET", ":scheme", "http", ":path", "*"],
  "with two methods": [...GET, ":method", "GET"],
  "with two paths": [...GET, ":path", "/"],
  "with an unknown pseudo-header field": [...GET, ":test", "1"],
  "with a response's pseudo-header field": [...GET, ":status", "200"],
  "with a field of the connection": [...GET, "connection", "close"],
  "with an upgrade": [...GET, "upgrade", "websocket"],
  "with a te that is not trailers": [...GET, "te", "gzip"],
  "with a content-length that is no number": [...GET, "content-length", "-1"],
  "with two content-lengths": [...GET, "content-length", "1", "content-length", "2"],
};
for (const [what, list] of Object.entries(malformed)) {
  test(`a request ${what} is malformed`, () => assert.equal(readRequest(list), undefined));
}

test("te: trailers and a content-length that is said twice are fine", () => {
  assert.equal(readRequest([...GET, "te", "trailers", "content-length", "7", "content-length", "7"])?.contentLength, 7);
});

test("a response has one status of three digits and no other pseudo-header field", () => {
  assert.equal(readResponse([":status", "204", "a", "b"])?.status, 204);
  assert.deepEqual(readResponse([":status", "204", "a", "b"])?.fields, ["a", "b"]);
  for (const list of [[], ["a", "b"], [":status", "20"], [":status", "099"], [":status", "200", ":status", "200"]]) {
    assert.equal(readResponse(list), undefined);
  }
  assert.equal(readResponse([":status", "200", "transfer-encoding", "chunked"]), undefined);
});

test("trailers have no pseudo-header field and nothing of the connection", () => {
  assert.equal(areTrailers([]), true);
  assert.equal(areTrailers(["grpc-status", "0"]), true);
  assert.equal(areTrailers([":status", "200"]), false);
  assert.equal(areTrailers(["keep-alive", "1"]), false);
});
