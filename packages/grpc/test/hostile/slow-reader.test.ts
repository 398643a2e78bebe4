import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, reset, SettingId, settings, Type, windowUpdate } from "../h2-peer-frames.js";
import { assertEnded, assertServes, type Call, HEAD, heldBytes, TRAILERS, Victim } from "./victim.js";

// CVE-2019-9517 and 9511: ask for much and read nothing, or an octet at a time.

const KIB = 1024;
const BLOCK = new Uint8Array(16 * KIB);

/** Writes until there is no room, as a handler that lists everything does. Returns the bytes written. */
function list(call: Call): number {
  for (let bytes = BLOCK.length; bytes < 64 << 20; bytes += BLOCK.length) {
    if (!call.exchange.write(BLOCK, 0, BLOCK.length)) return bytes;
  }
  return assert.fail("the handler was never told to stop");
}

test("a handler is told to stop when 64 KiB wait for a zero window, and the stream is reset after 20 seconds", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 0]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  assert.equal(list(victim.call), 80 * KIB);
  victim.settle();
  victim.wait(20_000);
  assert.equal(victim.call.closedWith, "open");
  victim.wait(2000);
  assert.equal(victim.call.closedWith, ErrorCode.EnhanceYourCalm);
  assert.equal(victim.client.resetOf(1), ErrorCode.EnhanceYourCalm);
  assert.deepEqual(victim.violations, ["stalled_reader"]);
  victim.client.write(settings([SettingId.InitialWindowSize, 100]));
  assertServes(victim, 3);
});

test("a thousand streams that list everything into zero windows hold 1 MiB and what each wrote before it was told", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 0]);
  const before = heldBytes();
  for (let i = 0; i < 1000; i++) {
    victim.client.request(1 + 2 * i);
    const { exchange } = victim.call;
    exchange.head(HEAD);
    // A batch each, until the handler is told: the first sixteen fill the connection's buffer.
    const batch = new Uint8Array(8 * KIB);
    for (let batches = 0; batches < 9 && exchange.write(batch, 0, batch.length); batches++);
  }
  assert.equal(victim.client.goneAway, undefined);
  assert.ok(heldBytes() - before < 16 * KIB * KIB);
  victim.wait(22_000);
  assert.equal(victim.openCalls, 0);
  assert.ok(heldBytes() - before < 4 * KIB * KIB);
});

test("an octet of window at a time is served as it comes, and holds no more than the buffer", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 0]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  const written = list(victim.call);
  for (let i = 1; i <= 1000; i++) {
    victim.client.write(windowUpdate(1, 1));
    assert.equal(victim.client.bodyOf(1).length, i);
  }
  assert.equal(victim.call.wakes, 0);
  victim.client.write(windowUpdate(1, written - 1000));
  assert.equal(victim.call.wakes, 1);
});

test("a reader that takes an octet every 19 seconds is slow, not stalled", () => {
  const victim = Victim.begun({ answers: false, limits: { keepaliveMs: 0 } }, [SettingId.InitialWindowSize, 0]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  list(victim.call);
  for (let i = 0; i < 10; i++) {
    victim.wait(19_000);
    victim.client.write(windowUpdate(1, 1));
  }
  assert.equal(victim.call.closedWith, "open");
});

test("a socket that takes nothing stops the handler, stops our reading, and ends the connection after 20 seconds", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 2 ** 31 - 1]);
  victim.client.write(windowUpdate(0, 2 ** 30));
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  victim.stall();
  const written = list(victim.call);
  victim.settle();
  assert.ok(written <= 512 * KIB, `${written}`);
  assert.ok(victim.socketBytes <= 256 * KIB, "no more goes into the socket than its limit");
  victim.wait(19_000);
  assert.equal(victim.connection.wantsClose, false);
  victim.wait(3000);
  assert.deepEqual(victim.violations, ["stalled_reader"]);
  assert.equal(victim.connection.wantsClose, true);
  assert.equal(victim.call.closedWith, -1);
  assertServes(Victim.begun());
});

test("a socket that was slow and recovers gets every byte, in order", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 2 ** 31 - 1]);
  victim.client.write(windowUpdate(0, 2 ** 30));
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  victim.settle();
  const body = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 7919) >> 3);
  let at = 0;
  while (at < body.length) {
    while (at < body.length && victim.call.exchange.write(body, at, at + BLOCK.length)) at += BLOCK.length;
    if (at < body.length) at += BLOCK.length;
    victim.settle();
  }
  victim.call.exchange.end(TRAILERS);
  victim.settle();
  assert.ok(victim.client.bodyOf(1).equals(body));
});

test("all streams of a connection together hold 1 MiB before their handlers are told to stop", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 0]);
  for (let i = 0; i < 16; i++) {
    victim.client.request(1 + 2 * i);
    victim.call.exchange.head(HEAD);
    assert.equal(victim.call.exchange.write(new Uint8Array(64 * KIB), 0, 64 * KIB), true);
  }
  victim.client.request(33);
  victim.call.exchange.head(HEAD);
  assert.equal(victim.call.exchange.write(BLOCK, 0, 1), false);
});

test("handlers that do not listen are stopped at 16 MiB: the connection ends", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 0]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  const large = new Uint8Array(4 << 20);
  // The first one leaves a little for the frames that wait beside them.
  for (let i = 0; i < 4; i++) victim.call.exchange.write(large, i === 0 ? KIB : 0, large.length);
  victim.settle();
  assert.equal(victim.client.goneAway, undefined);
  victim.call.exchange.write(large, 0, KIB);
  victim.call.exchange.write(large, 0, 1);
  victim.settle();
  assertEnded(victim, ErrorCode.EnhanceYourCalm, "queued_bytes");
});

test("what waits of a stream that the peer resets is dropped", () => {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, 0]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  list(victim.call);
  victim.client.write(reset(1), windowUpdate(1, 1000), settings([SettingId.InitialWindowSize, 1000]));
  assert.equal(victim.call.closedWith, ErrorCode.Cancel);
  assert.equal(victim.client.ofType(Type.Data).length, 0);
  assertServes(victim, 3);
});
