import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT_PREFACE, ErrorCode, ping, settings, settingsAck } from "../h2-peer-frames.js";
import { assertEnded, assertServes, Victim } from "./victim.js";

test("a client that says nothing, or only half of what it must, is let go after 5 seconds", () => {
  for (const first of [Buffer.alloc(0), CLIENT_PREFACE.subarray(0, 20), CLIENT_PREFACE]) {
    const victim = new Victim();
    if (first.length > 0) victim.client.write(first);
    victim.wait(4999);
    assert.equal(victim.connection.wantsClose, false);
    victim.wait(1);
    assertEnded(victim, ErrorCode.Protocol, "handshake_timeout");
  }
});

test("an octet a second does not hold the time off", () => {
  const victim = new Victim();
  for (const octet of CLIENT_PREFACE.subarray(0, 5)) {
    victim.client.write(Uint8Array.of(octet));
    victim.wait(1000);
  }
  assertEnded(victim, ErrorCode.Protocol, "handshake_timeout");
});

test("other bytes than the preface end the connection at the first that differs", () => {
  const victim = new Victim();
  victim.client.write(Buffer.from("PRI * HTTP/1", "latin1"));
  assertEnded(victim, ErrorCode.Protocol, "preface");
});

test("the first frame is SETTINGS, and no ACK", () => {
  for (const first of [ping(), settingsAck()]) {
    const victim = new Victim();
    victim.client.write(CLIENT_PREFACE, first);
    assertEnded(victim, ErrorCode.Protocol, "first_frame");
  }
});

test("a client that does not acknowledge our SETTINGS is served", () => {
  const victim = new Victim();
  victim.client.write(CLIENT_PREFACE, settings());
  assertServes(victim);
});
