import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, SettingId, settings, windowUpdate } from "../h2-peer-frames.js";
import { assertEnded, HEAD, TRAILERS, Victim } from "./victim.js";

function initialWindow(bytes: number): Uint8Array {
  return settings([SettingId.InitialWindowSize, bytes]);
}

function answering(bytes: number, window: number): Victim {
  const victim = Victim.begun({ answers: false }, [SettingId.InitialWindowSize, window]);
  victim.client.request(1);
  victim.call.exchange.head(HEAD);
  victim.call.exchange.write(new Uint8Array(bytes), 0, bytes);
  victim.call.exchange.end(TRAILERS);
  victim.settle();
  return victim;
}

test("a smaller initial window makes windows negative: updates fill the hole before anything is sent", () => {
  const victim = answering(3000, 1000);
  assert.equal(victim.client.bodyOf(1).length, 1000);
  victim.client.write(initialWindow(200));
  victim.client.write(windowUpdate(1, 800));
  assert.equal(victim.client.bodyOf(1).length, 1000);
  victim.client.write(windowUpdate(1, 1));
  assert.equal(victim.client.bodyOf(1).length, 1001);
  victim.client.write(initialWindow(10_000));
  assert.equal(victim.client.bodyOf(1).length, 3000);
  assert.equal(victim.call.closedWith, undefined);
});

test("a larger initial window lets waiting streams go on", () => {
  const victim = answering(3000, 0);
  assert.equal(victim.client.bodyOf(1).length, 0);
  victim.client.write(initialWindow(3000));
  assert.equal(victim.client.bodyOf(1).length, 3000);
});

test("an initial window that takes a stream's window beyond 2^31-1 is a connection error", () => {
  const victim = answering(10, 0);
  victim.client.write(windowUpdate(1, 2 ** 31 - 1 - 100_000), initialWindow(200_000));
  assertEnded(victim, ErrorCode.FlowControl, "settings_window");
});
