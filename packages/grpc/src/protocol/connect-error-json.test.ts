import assert from "node:assert/strict";
import { test } from "node:test";
import { create, createRegistry, toBinary } from "@bufbuild/protobuf";
import { PingSchema } from "../../test/gen/kinds/echo_pb.js";
import { Code } from "../call/code.js";
import { RpcError } from "../call/rpc-error.js";
import { connectCodeName, connectCodeOf } from "./connect-code.js";
import { errorFromJson, errorToJson } from "./connect-error-json.js";
import { statusOfCode } from "./connect-http-status.js";
import { codeOfHttpStatus } from "./http-status.js";

const ping = create(PingSchema, { number: 7 });

test("an error is read as it was written, with all that it has", () => {
  const error = new RpcError(Code.NotFound, "no such place", { details: [{ desc: PingSchema, value: ping }] });
  const json = errorToJson(error);
  assert.deepEqual(json, {
    code: "not_found",
    message: "no such place",
    details: [{ type: "kinds.Ping", value: "CAc", debug: { number: 7 } }],
  });
  const read = errorFromJson(json, Code.Unknown);
  assert.equal(read?.code, Code.NotFound);
  assert.equal(read?.rawMessage, "no such place");
  assert.deepEqual(read?.findDetails(PingSchema), [ping]);
});

test("a detail that came from elsewhere is shown if the registry knows its type", () => {
  const error = new RpcError(Code.Internal, "", {
    details: [{ type: "kinds.Ping", value: toBinary(PingSchema, ping) }],
  });
  assert.deepEqual(errorToJson(error), { code: "internal", details: [{ type: "kinds.Ping", value: "CAc" }] });
  assert.deepEqual(errorToJson(error, createRegistry(PingSchema)), {
    code: "internal",
    details: [{ type: "kinds.Ping", value: "CAc", debug: { number: 7 } }],
  });
});

test("what has no code, or one that nobody knows, has the fallback's", () => {
  for (const value of [{}, { code: null }, { code: "nobody" }, { code: 5 }]) {
    assert.equal(errorFromJson(value, Code.Unavailable)?.code, Code.Unavailable);
  }
  assert.equal(errorFromJson({ message: "why" }, Code.Unavailable)?.rawMessage, "why");
});

test("what is no error is none, and a broken detail is left out", () => {
  for (const value of [null, [], "error", 1, { message: 1 }]) {
    assert.equal(errorFromJson(value, Code.Unknown), undefined);
  }
  const details = [null, {}, { type: "a.B", value: 1 }, { type: "a.B", value: "!" }, { type: "a.B", value: "CAc=" }];
  assert.deepEqual(errorFromJson({ code: "aborted", details }, Code.Unknown)?.details, [
    { type: "a.B", value: Uint8Array.of(8, 7) },
  ]);
});

test("each code has its name and an HTTP status that tells that the call failed", () => {
  for (let code = Code.Canceled; code <= Code.Unauthenticated; code++) {
    assert.equal(connectCodeOf(connectCodeName(code)), code);
    assert.ok(statusOfCode(code) >= 400);
  }
  assert.equal(connectCodeName(Code.Canceled), "canceled");
  assert.equal(connectCodeOf("ok"), undefined);
  assert.equal(codeOfHttpStatus(404), Code.Unimplemented);
  assert.equal(codeOfHttpStatus(418), Code.Unknown);
});
