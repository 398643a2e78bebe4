import assert from "node:assert/strict";
import { test } from "node:test";
import { REQUEST_BLOCK } from "../h2-peer.js";
import { ErrorCode, Flags, headers, reset } from "../h2-peer-frames.js";
import { assertCalmed, assertServes, Victim } from "./victim.js";

// CVE-2023-44487: open and reset, so that work piles up that no limit on open streams sees.

function requestAndReset(stream: number): Uint8Array[] {
  return [headers(stream, REQUEST_BLOCK, Flags.EndHeaders), reset(stream)];
}

function rapidResets(victim: Victim, count: number, from = 1): void {
  const frames = Array.from({ length: count }, (_, i) => requestAndReset(from + 2 * i)).flat();
  victim.client.write(...frames);
}

test("a thousand resets at once pass, and one more ends the connection", () => {
  const victim = Victim.begun();
  rapidResets(victim, 1000);
  assert.equal(victim.client.goneAway, undefined);
  assert.equal(victim.openCalls, 0);
  rapidResets(victim, 1, 2001);
  assertCalmed(victim, "peer_resets");
});

test("a hundred resets a second pass for ever", () => {
  const victim = Victim.begun();
  for (let second = 0; second < 60; second++) {
    rapidResets(victim, 100, 1 + 200 * second);
    victim.wait(1000);
  }
  assertServes(victim, 20_001);
});

test("a handler that has not settled keeps its place after the reset: no more run than may be open", () => {
  const victim = Victim.begun({ settles: false, limits: { maxConcurrentStreams: 10 } });
  rapidResets(victim, 30);
  assert.equal(victim.calls.length, 10);
  assert.equal(victim.client.resetOf(21), ErrorCode.RefusedStream);
  assert.equal(victim.violations.filter((name) => name === "max_streams").length, 20);
  for (const call of victim.calls) call.exchange.release();
  assertServes(victim, 101);
});

test("resets of streams that have ended count too", () => {
  const victim = Victim.begun();
  assertServes(victim);
  victim.client.write(...Array.from({ length: 1001 }, () => reset(1)));
  assertCalmed(victim, "peer_resets");
});

test("a reset of a stream that was never opened is a connection error", () => {
  const victim = Victim.begun();
  victim.client.write(reset(1, ErrorCode.Cancel));
  assert.deepEqual(victim.client.goneAway, { lastStream: 0, code: ErrorCode.Protocol, name: "idle_stream" });
});
