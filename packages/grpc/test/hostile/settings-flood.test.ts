import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, Flags, frame, SettingId, settings, settingsAck, Type } from "../h2-peer-frames.js";
import { assertCalmed, assertEnded, assertServes, Victim } from "./victim.js";

// CVE-2019-9515: each SETTINGS frame costs an ACK.

test("20 SETTINGS frames pass at once, and more end the connection", () => {
  const victim = Victim.begun();
  victim.client.write(...Array.from({ length: 19 }, () => settings()));
  assert.equal(victim.client.goneAway, undefined);
  victim.client.write(settings());
  assertCalmed(victim, "settings_flood");
});

test("two SETTINGS frames a second pass for ever", () => {
  const victim = Victim.begun();
  for (let second = 0; second < 60; second++) {
    victim.client.write(settings(), settings());
    victim.wait(1000);
  }
  assertServes(victim);
});

test("a SETTINGS frame of 32 entries passes, one of 33 ends the connection", () => {
  const victim = Victim.begun();
  const entries = (count: number) => Array.from({ length: count }, () => [SettingId.MaxHeaderListSize, 1]).flat();
  victim.client.write(settings(entries(32)));
  assert.equal(victim.client.goneAway, undefined);
  victim.client.write(settings(entries(33)));
  assertCalmed(victim, "settings_flood");
});

test("an ACK that nothing asked for is a connection error", () => {
  const victim = Victim.begun();
  victim.client.write(settingsAck());
  assertEnded(victim, ErrorCode.Protocol, "settings_ack");
});

test("settings that the protocol forbids are connection errors", () => {
  const forbidden: [frame: Uint8Array, code: number, name: string][] = [
    [settings([SettingId.EnablePush, 2]), ErrorCode.Protocol, "settings_value"],
    [settings([SettingId.MaxFrameSize, 16_383]), ErrorCode.Protocol, "settings_value"],
    [settings([SettingId.MaxFrameSize, 16_777_216]), ErrorCode.Protocol, "settings_value"],
    [settings([SettingId.InitialWindowSize, 2 ** 31]), ErrorCode.FlowControl, "settings_window"],
    [frame(Type.Settings, 0, 0, [0]), ErrorCode.FrameSize, "frame_size"],
    [frame(Type.Settings, Flags.Ack, 0, [0]), ErrorCode.FrameSize, "frame_size"],
    [frame(Type.Settings, 0, 1), ErrorCode.Protocol, "frame_stream"],
  ];
  for (const [bytes, code, name] of forbidden) {
    const victim = Victim.begun();
    victim.client.write(bytes);
    assertEnded(victim, code, name);
  }
});
