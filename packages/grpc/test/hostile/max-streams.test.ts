import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, readUint32, SettingId, Type } from "../h2-peer-frames.js";
import { assertServes, heldBytes, Victim } from "./victim.js";

test("a thousand streams are open at once, one more is refused, and has been told to be one too many", () => {
  const victim = new Victim({ answers: false });
  const payload = victim.client.ofType(Type.Settings)[0]?.payload ?? assert.fail();
  const settings = new Map(
    Array.from({ length: payload.length / 6 }, (_, i) => [payload[6 * i + 1], readUint32(payload, 6 * i + 2)]),
  );
  assert.equal(settings.get(SettingId.MaxConcurrentStreams), 1000);
  victim.client.begin();
  for (let i = 0; i < 1000; i++) victim.client.request(1 + 2 * i);
  assert.deepEqual(victim.violations, []);
  victim.client.request(2001);
  assert.equal(victim.calls.length, 1000);
  assert.equal(victim.client.resetOf(2001), ErrorCode.RefusedStream);
  assert.deepEqual(victim.violations, ["max_streams"]);
  victim.call.answer();
  victim.settle();
  assertServes(victim, 2003);
});

test("a client may not know the limit yet: however many streams are refused, the connection goes on and keeps nothing", () => {
  const victim = Victim.begun({ answers: false, limits: { maxConcurrentStreams: 1 } });
  victim.client.request(1);
  const before = heldBytes();
  for (let i = 1; i <= 5000; i++) victim.client.request(1 + 2 * i);
  assert.equal(victim.calls.length, 1);
  assert.equal(victim.client.ofType(Type.Reset).length, 5000);
  assert.ok(heldBytes() - before < 4 << 20);
  victim.call.answer();
  victim.settle();
  assertServes(victim, 20_001);
});

test("a client that does not read its refusals is not read on", () => {
  const victim = Victim.begun({ answers: false, limits: { maxConcurrentStreams: 1 } });
  victim.stall();
  for (let i = 0; i <= 100; i++) victim.client.request(1 + 2 * i);
  assert.equal(victim.connection.pausedReading, true);
});

test("a place is free again when the stream has closed and its handler has settled, in whatever order", () => {
  const victim = Victim.begun({ answers: false, settles: false, limits: { maxConcurrentStreams: 1 } });
  victim.client.request(1);
  const first = victim.call;
  first.answer();
  victim.settle();
  assert.equal(first.closedWith, undefined);
  victim.client.request(3);
  assert.equal(victim.client.resetOf(3), ErrorCode.RefusedStream, "the handler has not settled");
  first.exchange.release();
  victim.client.request(5);
  assert.equal(victim.calls.length, 2);
  victim.call.exchange.release();
  victim.client.request(7);
  assert.equal(victim.client.resetOf(7), ErrorCode.RefusedStream, "the stream is open");
  victim.call.answer();
  victim.settle();
  victim.client.request(9);
  assert.equal(victim.calls.length, 3);
});
