import assert from "node:assert/strict";
import { test } from "node:test";
import { data, ErrorCode, frame, SettingId, Type, windowUpdate } from "../h2-peer-frames.js";
import { assertEnded, HEAD, Victim } from "./victim.js";

test("a frame of 16,384 octets passes; a header that announces one more ends the connection before it is waited for", () => {
  const victim = Victim.begun();
  victim.client.request(1, 0);
  victim.client.write(data(1, new Uint8Array(16_384)));
  assert.equal(victim.call.bytes, 16_384);
  victim.client.write(frame(Type.Data, 0, 1, [], 16_385));
  assertEnded(victim, ErrorCode.FrameSize, "frame_too_large");
});

test("frames of a fixed size that have another are connection errors", () => {
  for (const type of [Type.Reset, Type.WindowUpdate]) {
    const victim = Victim.begun();
    victim.client.request(1, 0);
    victim.client.write(frame(type, 0, 1, [0, 0, 1]));
    assertEnded(victim, ErrorCode.FrameSize, "frame_size");
  }
});

test("we send no frame larger than the peer takes, nor larger than 64 KiB", () => {
  for (const [theirs, ours] of [
    [16_384, 16_384],
    [20_000, 20_000],
    [16_777_215, 65_536],
  ] as const) {
    const victim = Victim.begun({ answers: false }, [
      SettingId.MaxFrameSize,
      theirs,
      SettingId.InitialWindowSize,
      1 << 20,
    ]);
    victim.client.write(windowUpdate(0, 1 << 20));
    victim.client.request(1);
    const body = new Uint8Array(200_000);
    victim.call.exchange.head(HEAD);
    victim.call.exchange.write(body, 0, body.length);
    victim.settle();
    const sizes = victim.client.ofType(Type.Data, 1).map(({ payload }) => payload.length);
    assert.equal(Math.max(...sizes), ours);
    assert.equal(victim.client.bodyOf(1).length, body.length);
  }
});
