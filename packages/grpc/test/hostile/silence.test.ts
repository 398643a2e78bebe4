import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, Flags, ping, Type } from "../h2-peer-frames.js";
import { assertEnded, assertServes, Victim } from "./victim.js";

// Peers that hold a connection and do nothing with it.

test("a silent peer is asked after a minute, and let go if it does not answer within 20 seconds", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1);
  victim.wait(60_000);
  const asked = victim.client.ofType(Type.Ping);
  assert.equal(asked.length, 1);
  assert.equal((asked[0]?.flags ?? 0) & Flags.Ack, 0);
  victim.wait(19_000);
  assert.equal(victim.connection.wantsClose, false);
  victim.wait(1000);
  assertEnded(victim, ErrorCode.NoError, "keepalive_timeout");
});

test("a peer that answers may be silent for ever while a call is open", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1);
  for (let minute = 0; minute < 60; minute++) {
    victim.wait(60_000);
    const asked = victim.client.ofType(Type.Ping).at(-1) ?? assert.fail();
    victim.client.write(ping(asked.payload, Flags.Ack));
  }
  assertServes(victim, 3);
});

test("a connection without a call is drained after 10 minutes", () => {
  const victim = Victim.begun();
  for (let minute = 0; minute < 11; minute++) {
    victim.wait(60_000);
    const asked = victim.client.ofType(Type.Ping).at(-1);
    if (asked !== undefined) victim.client.write(ping(asked.payload, Flags.Ack));
  }
  victim.wait(10_000);
  assert.deepEqual(victim.client.goneAway, { lastStream: 0, code: ErrorCode.NoError, name: "" });
  assert.equal(victim.connection.wantsClose, true);
  assert.deepEqual(victim.violations, []);
});
