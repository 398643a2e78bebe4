import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, frame, priority, Type } from "../h2-peer-frames.js";
import { assertEnded, assertServes, heldBytes, Victim } from "./victim.js";

// CVE-2019-9513: a priority tree that is shuffled without end. We keep none.

test("PRIORITY frames by the ten thousand keep nothing, answer nothing, and harm nothing", () => {
  const victim = Victim.begun();
  const before = heldBytes();
  for (let i = 0; i < 20_000; i++) victim.client.write(priority(1 + 2 * i, 3 + 2 * ((i * 7919) % 1000)));
  assert.deepEqual(victim.client.take(), []);
  assert.ok(heldBytes() - before < 1 << 20);
  assertServes(victim);
});

test("frames of unknown types are ignored", () => {
  const victim = Victim.begun();
  for (let type = 10; type < 256; type++) victim.client.write(frame(type, 255, type, [1, 2, 3]));
  assert.deepEqual(victim.client.take(), []);
  assertServes(victim);
});

test("a PRIORITY frame that is malformed is a connection error", () => {
  const wrong: [bytes: Uint8Array, code: number, name: string][] = [
    [priority(1, 1), ErrorCode.Protocol, "self_dependency"],
    [frame(Type.Priority, 0, 0, new Uint8Array(5)), ErrorCode.Protocol, "frame_stream"],
    [frame(Type.Priority, 0, 1, new Uint8Array(4)), ErrorCode.FrameSize, "frame_size"],
  ];
  for (const [bytes, code, name] of wrong) {
    const victim = Victim.begun();
    victim.client.write(bytes);
    assertEnded(victim, code, name);
  }
});
