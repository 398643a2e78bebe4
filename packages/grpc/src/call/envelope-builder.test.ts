import assert from "node:assert/strict";
import { test } from "node:test";
import { type Status, StatusSchema } from "../gen/google/rpc/status_pb.js";
import { binaryCodec } from "../message/binary-codec.js";
import { EnvelopeBuilder } from "./envelope-builder.js";
import { Envelopes } from "./envelopes.js";
import { messagesOf } from "./outgoing.js";

const codesOf = (envelopes: Envelopes) =>
  [...messagesOf(envelopes, binaryCodec(StatusSchema))].map((message) => (message as Status).code);
const bytesOf = ({ bytes, start, end }: Envelopes) => bytes.slice(start, end);

test("messages that are added one by one are those that are encoded together", () => {
  const messages = Array.from({ length: 5000 }, (_, code) => ({ code, message: "x".repeat(code % 50) }));
  const builder = new EnvelopeBuilder(StatusSchema);
  for (const message of messages) builder.add(message);
  const together = Envelopes.of(StatusSchema, messages);
  assert.equal(builder.count, 5000);
  assert.equal(builder.byteLength, together.bytes.length);
  const taken = builder.take();
  assert.equal(taken.count, 5000);
  assert.deepEqual(bytesOf(taken), together.bytes);
});

test("what was taken stays as it is, whatever is added later", () => {
  const builder = new EnvelopeBuilder(StatusSchema);
  const taken: Envelopes[] = [];
  for (let code = 1; code <= 9000; code++) {
    builder.add({ code, message: "a note of some length" });
    if (code % 3 === 0) taken.push(builder.take());
  }
  assert.deepEqual(
    taken.map(codesOf),
    taken.map((_, i) => [3 * i + 1, 3 * i + 2, 3 * i + 3]),
  );
  assert.equal(builder.count, 0);
  assert.equal(builder.byteLength, 0);
  assert.equal(builder.take().count, 0);
});

test("a message that cannot be encoded is not added, and the others are", () => {
  const builder = new EnvelopeBuilder(StatusSchema);
  builder.add({ code: 1 });
  assert.throws(() => builder.add({ message: "begun", details: [7 as never] }), /google.rpc.Status.details/);
  assert.throws(() => builder.add({ code: 1.5 }), /google.rpc.Status.code/);
  builder.add({ code: 2 });
  assert.deepEqual(codesOf(builder.take()), [1, 2]);
});
