import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { decodeConnectEnd, encodeConnectEnd } from "./connect-end.js";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (written: string) => new TextEncoder().encode(written);

function read(written: Uint8Array): Exclude<ReturnType<typeof decodeConnectEnd>, RpcError> {
  const end = decodeConnectEnd(written);
  assert.ok(!(end instanceof RpcError));
  return end;
}

test("a stream that ended well says nothing", () => {
  assert.equal(text(encodeConnectEnd(undefined)), "{}");
  assert.equal(read(bytes("{}")).error, undefined);
  assert.equal(read(bytes('{"error":null,"metadata":null}')).error, undefined);
});

test("error and trailers are read as they were written, repeated and binary ones too", () => {
  const trailers = new Headers([
    ["x-one", "1"],
    ["x-two", "a"],
    ["x-two", "b"],
    ["x-bin", "AAE"],
    ["x-bin", "AgM"],
    ["grpc-status", "0"],
  ]);
  const error = new RpcError(Code.Aborted, "again", { metadata: { "x-error": "yes" } });
  const written = encodeConnectEnd(error, trailers);
  assert.deepEqual(JSON.parse(text(written)), {
    error: { code: "aborted", message: "again" },
    metadata: { "x-bin": ["AAE", "AgM"], "x-error": ["yes"], "x-one": ["1"], "x-two": ["a, b"] },
  });
  const end = read(written);
  assert.equal(end.error?.code, Code.Aborted);
  assert.equal(end.error.metadata.get("x-error"), "yes");
  assert.equal(end.trailers.get("x-two"), "a, b");
  assert.equal(end.trailers.get("x-bin"), "AAE, AgM");
});

test("what cannot be read is an error that says why, and never an exception", () => {
  for (const written of ["", "{", "[]", "1", '{"metadata":1}', '{"metadata":{"a":"b"}}', '{"error":1}']) {
    assert.ok(decodeConnectEnd(bytes(written)) instanceof RpcError, written);
  }
  assert.ok(decodeConnectEnd(Uint8Array.of(0x22, 0xff, 0x22)) instanceof RpcError);
  assert.equal([...read(bytes('{"metadata":{"not a name":["x"],"ok":["1"]}}')).trailers].length, 1);
});
