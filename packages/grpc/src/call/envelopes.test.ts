import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { declaredLength, PREFIX_BYTES } from "../envelope/prefix.js";
import { type Status, StatusSchema } from "../gen/google/rpc/status_pb.js";
import { binaryCodec } from "../message/binary-codec.js";
import { Code } from "./code.js";
import { Envelopes } from "./envelopes.js";
import { checkSingle, messagesOf } from "./outgoing.js";

const MANY = Array.from({ length: 5000 }, (_, code) => ({ code, message: "x".repeat(code % 50) }));
const codesOf = (envelopes: Envelopes) =>
  [...messagesOf(envelopes, binaryCodec(StatusSchema))].map((message) => (message as Status).code);

test("messages are encoded each with its prefix, as protobuf-es encodes them", () => {
  const { bytes, count } = Envelopes.of(StatusSchema, MANY.slice(0, 2));
  assert.equal(count, 2);
  const first = toBinary(StatusSchema, create(StatusSchema, MANY[0]));
  assert.equal(declaredLength(bytes, 0), first.length);
  assert.deepEqual(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + first.length), first);
});

test("any number of messages is kept in order, across slabs", () => {
  const envelopes = Envelopes.of(StatusSchema, MANY);
  assert.equal(envelopes.count, MANY.length);
  assert.deepEqual(
    codesOf(envelopes),
    MANY.map(({ code }) => code),
  );
  assert.equal(Envelopes.of(StatusSchema, []).bytes.length, 0);
});

test("a range of bytes is as good as bytes of its own", () => {
  const { bytes } = Envelopes.of(StatusSchema, MANY.slice(0, 3));
  const second = PREFIX_BYTES + declaredLength(bytes, 0);
  assert.deepEqual(codesOf(new Envelopes(bytes, 2, second)), [1, 2]);
  assert.deepEqual(codesOf(new Envelopes(bytes, 1, 0, second)), [0]);
});

test("a message that does not fit is an error, and names its field", () => {
  const wrong = { code: "x" } as unknown as { code: number };
  assert.throws(() => Envelopes.of(StatusSchema, [wrong]), { name: "EncodeError", message: /code/ });
});

test("where one message is due, envelopes of another number are an error", () => {
  checkSingle(Envelopes.of(StatusSchema, [{}]));
  for (const messages of [[], [{}, {}]]) {
    assert.throws(() => checkSingle(Envelopes.of(StatusSchema, messages)), { code: Code.Internal });
  }
});
