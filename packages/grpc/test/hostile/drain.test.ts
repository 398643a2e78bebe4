import assert from "node:assert/strict";
import { test } from "node:test";
import { data, ErrorCode, Flags, ping, readUint32, Type } from "../h2-peer-frames.js";
import { Victim } from "./victim.js";

function lastStreams(victim: Victim): number[] {
  return victim.client.ofType(Type.GoAway).map(({ payload }) => readUint32(payload, 0));
}

function draining(): Victim {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1, 0);
  victim.connection.drain();
  victim.settle();
  return victim;
}

function answerPing(victim: Victim): void {
  const asked = victim.client.ofType(Type.Ping).at(-1) ?? assert.fail("no PING has come");
  victim.client.write(ping(asked.payload, Flags.Ack));
}

test("a request that was on its way when the drain began is served", () => {
  const victim = draining();
  assert.deepEqual(lastStreams(victim), [2 ** 31 - 1]);
  victim.client.request(3);
  assert.equal(victim.calls.length, 2);
  answerPing(victim);
  assert.deepEqual(lastStreams(victim), [2 ** 31 - 1, 3]);
  victim.client.request(5);
  assert.equal(victim.calls.length, 2, "it was told not to");
  for (const call of victim.calls) call.answer();
  victim.settle();
  assert.equal(victim.client.bodyOf(1).length, 5);
  assert.equal(victim.client.bodyOf(3).length, 5);
  assert.equal(victim.connection.wantsClose, true);
});

test("a peer that does not answer the PING is told which stream was the last all the same", () => {
  const victim = draining();
  victim.wait(7000);
  assert.deepEqual(lastStreams(victim), [2 ** 31 - 1, 1]);
  assert.equal(victim.connection.wantsClose, false);
});

test("calls that do not end within the grace of 30 seconds are cut", () => {
  const victim = draining();
  answerPing(victim);
  for (let second = 0; second < 33; second++) {
    victim.wait(1000);
    victim.client.write(data(1, [1]));
  }
  assert.equal(victim.connection.wantsClose, true);
  assert.equal(victim.call.closedWith, -1);
  assert.equal(victim.client.goneAway?.code, ErrorCode.NoError);
});

test("an answer to another PING does not settle a drain", () => {
  const victim = draining();
  victim.client.write(ping([1, 2, 3, 4, 5, 6, 7, 8], Flags.Ack));
  assert.deepEqual(lastStreams(victim), [2 ** 31 - 1]);
  victim.client.request(3);
  assert.equal(victim.calls.length, 2);
});
