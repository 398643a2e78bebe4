import assert from "node:assert/strict";
import { test } from "node:test";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { deflate, gzip } from "../envelope/node-zlib.js";
import { acceptedEncodings, compressionFor } from "./negotiate.js";

test("a compression is found by its name; none and identity are none", () => {
  assert.equal(compressionFor("deflate", [gzip, deflate]), deflate);
  assert.equal(compressionFor(undefined, [gzip]), undefined);
  assert.equal(compressionFor("identity", []), undefined);
});

test("an unknown one is an error that lists what is known", () => {
  for (const name of ["br", "GZIP", "", "gzip, deflate"]) {
    const error = compressionFor(name, [gzip, deflate]);
    assert.ok(error instanceof RpcError);
    assert.equal(error.code, Code.Unimplemented);
    assert.match(error.rawMessage, /accepted are identity, gzip, deflate$/);
  }
  assert.equal(acceptedEncodings([]), "identity");
});
