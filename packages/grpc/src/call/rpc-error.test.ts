import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code as ConnectCode, ConnectError } from "@connectrpc/connect";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import { Code, codeName, isCode } from "./code.js";
import { isErrorShape, RpcError } from "./rpc-error.js";

test("an error says its code's name and its message, and keeps its cause", () => {
  const cause = new Error("inside");
  const error = new RpcError(Code.NotFound, "no such place", { cause });
  assert.equal(error.message, "NOT_FOUND: no such place");
  assert.equal(error.rawMessage, "no such place");
  assert.equal(error.name, "RpcError");
  assert.equal(error.cause, cause);
  assert.ok(error instanceof Error);
  assert.ok(!("cause" in new RpcError(Code.NotFound, "")));
});

test("what is no code is refused where the error is made: a ConnectError has its message first", () => {
  const untyped = RpcError as unknown as new (code: unknown, message: unknown) => RpcError;
  assert.throws(() => new untyped("no such place", Code.NotFound), {
    name: "TypeError",
    message: 'new RpcError() got "no such place" as its code: expected a Code, then the message',
  });
  for (const code of [0, 17, 2.5, undefined]) assert.throws(() => new untyped(code, ""), TypeError);
});

test("metadata is made when somebody asks for it", () => {
  const error = new RpcError(Code.Aborted, "");
  assert.equal(error.hasMetadata, false);
  assert.equal(error.metadata, error.metadata);
  assert.equal(error.hasMetadata, true);
  assert.equal(new RpcError(Code.Aborted, "", { metadata: { a: "1" } }).metadata.get("a"), "1");
});

test("details are found by their type, as they were given and as they came", () => {
  const value = toBinary(StatusSchema, create(StatusSchema, { code: 2 }));
  const error = new RpcError(Code.Aborted, "", {
    details: [
      { desc: StatusSchema, value: { code: 1 } },
      { type: "google.rpc.Status", value },
      { type: "google.rpc.Status", value: Uint8Array.of(0xff) },
      { type: "other.Status", value },
    ],
  });
  assert.deepEqual(
    error.findDetails(StatusSchema).map(({ code }) => code),
    [1, 2],
  );
});

test("a ConnectError is taken over: code, message, metadata, details, itself as the cause", () => {
  const connect = new ConnectError("full", ConnectCode.ResourceExhausted, { a: "1" }, [
    { desc: StatusSchema, value: { code: 9 } },
  ]);
  const error = RpcError.from(connect);
  assert.equal(error.code, Code.ResourceExhausted);
  assert.equal(error.rawMessage, "full");
  assert.equal(error.metadata.get("a"), "1");
  assert.equal(error.findDetails(StatusSchema)[0]?.code, 9);
  assert.equal(error.cause, connect);
});

test("an RpcError stays itself, and anything else becomes the fallback with itself as the cause", () => {
  const own = new RpcError(Code.Aborted, "");
  assert.equal(RpcError.from(own), own);
  for (const reason of [new TypeError("no"), "no"]) {
    const error = RpcError.from(reason, Code.Internal);
    assert.equal(error.code, Code.Internal);
    assert.equal(error.rawMessage, "no");
    assert.equal(error.cause, reason);
  }
  assert.equal(RpcError.from(undefined).code, Code.Unknown);
});

test("only errors with a code of the protocol and a raw message were meant for callers", () => {
  const shaped = (fields: object) => Object.assign(new Error("x"), fields);
  assert.equal(isErrorShape(shaped({ code: 5, rawMessage: "x" })), true);
  for (const reason of [
    shaped({ code: 5 }),
    shaped({ code: 0, rawMessage: "x" }),
    shaped({ code: 17, rawMessage: "x" }),
    shaped({ code: "ENOENT", rawMessage: "x" }),
    shaped({ code: 5, rawMessage: 5 }),
    { code: 5, rawMessage: "x" },
    null,
  ]) {
    assert.equal(isErrorShape(reason), false);
  }
});

test("details of a foreign error that are none are left out", () => {
  const reason = Object.assign(new Error("x"), {
    code: 5,
    rawMessage: "x",
    details: [null, 5, {}, { type: "a", value: 1 }],
  });
  assert.equal(RpcError.from(reason).details.length, 0);
  assert.equal(RpcError.from(Object.assign(reason, { details: "none" })).details.length, 0);
});

test("codes have the protocol's names", () => {
  assert.equal(codeName(0), "OK");
  assert.equal(codeName(Code.Canceled), "CANCELLED");
  assert.equal(codeName(Code.Unauthenticated), "UNAUTHENTICATED");
  assert.equal(codeName(99), "CODE_99");
  assert.deepEqual([0, 1, 16, 17, 1.5, "1", undefined].map(isCode), [false, true, true, false, false, false, false]);
});
