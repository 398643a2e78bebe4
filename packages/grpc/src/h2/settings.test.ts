import assert from "node:assert/strict";
import { test } from "node:test";
import { settings } from "../../test/h2-peer-frames.js";
import { clientLimits, serverLimits } from "./limits.js";
import { ourSettings, PeerSettings } from "./settings.js";
import { Setting } from "./wire.js";

const FRAME_HEADER = 9;

function apply(peer: PeerSettings, entries: readonly number[], fromServer = false, cut = 0): string | undefined {
  const frame = settings(entries);
  return peer.apply(frame, FRAME_HEADER, frame.length - cut, 32, fromServer)?.name;
}

test("a peer's settings are taken over, the last of each, and unknown ones ignored", () => {
  const peer = new PeerSettings();
  const entries = [
    ...[Setting.HeaderTableSize, 0, Setting.InitialWindowSize, 5, Setting.InitialWindowSize, 2 ** 31 - 1],
    ...[Setting.MaxFrameSize, 2 ** 24 - 1, Setting.MaxConcurrentStreams, 2 ** 32 - 1, 0xfffe, 7, Setting.EnablePush, 1],
  ];
  assert.equal(apply(peer, entries), undefined);
  assert.equal(peer.headerTableBytes, 0);
  assert.equal(peer.initialWindow, 2 ** 31 - 1);
  assert.equal(peer.maxFrameBytes, 2 ** 24 - 1);
  assert.equal(peer.maxConcurrentStreams, 2 ** 32 - 1);
});

test("values out of their range are refused by name", () => {
  const refused = (entries: number[], fromServer = false) => apply(new PeerSettings(), entries, fromServer);
  assert.equal(refused([Setting.InitialWindowSize, 2 ** 31]), "settings_window");
  assert.equal(refused([Setting.MaxFrameSize, 16_383]), "settings_value");
  assert.equal(refused([Setting.MaxFrameSize, 2 ** 24]), "settings_value");
  assert.equal(refused([Setting.EnablePush, 2]), "settings_value");
  assert.equal(refused([Setting.EnablePush, 1], true), "settings_value");
  assert.equal(refused(Array.from({ length: 66 }, () => Setting.EnablePush - 2)), "settings_flood");
  assert.equal(apply(new PeerSettings(), [Setting.EnablePush, 1], false, 1), "frame_size");
});

test("our settings say what is not the protocol's own", () => {
  assert.deepEqual(ourSettings(serverLimits, true), [
    ...[Setting.MaxConcurrentStreams, 1000, Setting.InitialWindowSize, 1_048_576, Setting.MaxHeaderListSize, 16_384],
  ]);
  assert.deepEqual(ourSettings({ ...clientLimits, maxTableBytes: 0, maxFrameBytes: 32_768 }, false), [
    ...[Setting.EnablePush, 0, Setting.InitialWindowSize, 1_048_576, Setting.MaxHeaderListSize, 16_384],
    ...[Setting.HeaderTableSize, 0, Setting.MaxFrameSize, 32_768],
  ]);
});
