import assert from "node:assert/strict";
import { test } from "node:test";
import { data, ErrorCode, paddedData, readUint32, Type, windowUpdate } from "../h2-peer-frames.js";
import { assertEnded, assertReset, assertServes, Victim } from "./victim.js";

const KIB = 1024;
const FULL = new Uint8Array(16 * KIB);

/** The increments of the WINDOW_UPDATE frames that have come for a stream, or 0 for the connection. */
function increments(victim: Victim, stream: number): number[] {
  return victim.client.ofType(Type.WindowUpdate, stream).map(({ payload }) => readUint32(payload, 0));
}

function sendFull(victim: Victim, stream: number, frames: number): void {
  for (let i = 0; i < frames; i++) victim.client.write(data(stream, FULL));
}

test("a stream takes 1 MiB that nobody reads; one octet more resets it", () => {
  const victim = Victim.begun({ consumes: false, answers: false });
  victim.client.request(1, 0);
  sendFull(victim, 1, 64);
  assert.equal(victim.call.bytes, KIB * KIB);
  assert.deepEqual(increments(victim, 1), []);
  victim.client.write(data(1, [0]));
  assertReset(victim, 1, ErrorCode.FlowControl, "window_exceeded");
});

test("a connection takes 4 MiB that nobody reads; one octet more ends it", () => {
  const victim = Victim.begun({ consumes: false });
  for (const stream of [1, 3, 5, 7, 9]) victim.client.request(stream, 0);
  for (const stream of [1, 3, 5, 7]) sendFull(victim, stream, 64);
  assert.deepEqual(increments(victim, 0).slice(1), []);
  victim.client.write(data(9, [0]));
  assertEnded(victim, ErrorCode.FlowControl, "window_exceeded");
});

test("the first SETTINGS and WINDOW_UPDATE open 1 MiB a stream and 4 MiB a connection", () => {
  const victim = new Victim();
  const [settings, update] = victim.client.take();
  assert.equal(settings?.type, Type.Settings);
  const entries = Array.from({ length: (settings?.payload.length ?? 0) / 6 }, (_, i) => [
    settings?.payload[6 * i + 1],
    readUint32(settings?.payload ?? new Uint8Array(0), 6 * i + 2),
  ]);
  assert.deepEqual(new Map(entries as [number, number][]).get(4), KIB * KIB);
  assert.equal(65_535 + readUint32(update?.payload ?? new Uint8Array(4), 0), 4 * KIB * KIB);
});

test("what is read is given back, half a window at a time", () => {
  const victim = Victim.begun();
  victim.client.request(1, 0);
  sendFull(victim, 1, 256);
  assert.deepEqual(increments(victim, 1), new Array(8).fill(512 * KIB));
  assert.deepEqual(increments(victim, 0).slice(1), new Array(2).fill(2048 * KIB));
});

test("padding counts, its length octet too, and is given back at once though nobody reads", () => {
  const victim = Victim.begun({ consumes: false, answers: false });
  victim.client.request(1, 0);
  // 255 + 1 octets of padding and no data would be empty frames, so there is one octet of data in each.
  for (let i = 0; i < 4096; i++) victim.client.write(paddedData(1, [7], 255));
  assert.equal(victim.call.bytes, 4096);
  assert.deepEqual(increments(victim, 1), [512 * KIB, 512 * KIB]);
  assert.equal(victim.client.goneAway, undefined);
});

test("padding as long as its frame is a connection error", () => {
  for (const padLength of [4, 5, 255]) {
    const victim = Victim.begun();
    victim.client.request(1, 0);
    victim.client.write(paddedData(1, [], 3, 0, padLength));
    assertEnded(victim, ErrorCode.Protocol, "padding");
  }
});

test("DATA on streams that are gone spends the connection's window and is given back", () => {
  // Closed by us, refused, and beyond what a drained connection takes.
  const victim = Victim.begun({ limits: { maxConcurrentStreams: 1 }, answers: false });
  victim.client.request(1, 0);
  victim.client.request(3, 0);
  assert.equal(victim.client.resetOf(3), ErrorCode.RefusedStream);
  victim.call.exchange.reset(ErrorCode.Cancel);
  victim.settle();
  for (let round = 0; round < 10; round++) {
    for (const stream of [1, 3]) sendFull(victim, stream, 64);
  }
  assert.equal(
    increments(victim, 0)
      .slice(1)
      .reduce((sum, bytes) => sum + bytes),
    20 * KIB * KIB,
  );
  assert.equal(victim.client.goneAway, undefined);
  assert.equal(victim.calls.length, 1);
  assertServes(victim, 5);
});

test("DATA on streams opened after the last GOAWAY is given back, too", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1, 0);
  victim.connection.drain();
  victim.settle();
  victim.wait(6000);
  victim.client.request(3, 0);
  assert.equal(victim.calls.length, 1);
  for (let round = 0; round < 10; round++) sendFull(victim, 3, 64);
  assert.equal(
    increments(victim, 0)
      .slice(1)
      .reduce((sum, bytes) => sum + bytes),
    10 * KIB * KIB,
  );
  victim.call.answer();
  victim.settle();
  assert.equal(victim.client.bodyOf(1).length, 5);
});

test("what a reset stream had not read is given back to the connection", () => {
  const victim = Victim.begun({ consumes: false, answers: false });
  for (let i = 0; i < 20; i++) {
    victim.client.request(1 + 2 * i, 0);
    sendFull(victim, 1 + 2 * i, 64);
    victim.call.exchange.reset(ErrorCode.Cancel);
    victim.settle();
  }
  assert.equal(victim.client.goneAway, undefined);
});

test("WINDOW_UPDATE of 0 on the connection, and a window beyond 2^31-1, are connection errors", () => {
  const wrong: [bytes: Uint8Array, code: number, name: string][] = [
    [windowUpdate(0, 0), ErrorCode.Protocol, "window_increment"],
    [windowUpdate(0, 2 ** 31 - 1), ErrorCode.FlowControl, "window_overflow"],
  ];
  for (const [bytes, code, name] of wrong) {
    const victim = Victim.begun();
    victim.client.write(bytes);
    assertEnded(victim, code, name);
  }
});

test("a window of exactly 2^31-1 passes", () => {
  const victim = Victim.begun();
  victim.client.write(windowUpdate(0, 2 ** 31 - 1 - 65_535));
  assertServes(victim);
});

test("WINDOW_UPDATE on a stream that is gone is ignored, on one that never was it ends the connection", () => {
  const victim = Victim.begun();
  assertServes(victim);
  victim.client.write(windowUpdate(1, 0), windowUpdate(1, 2 ** 31 - 1));
  assertServes(victim, 3);
  victim.client.write(windowUpdate(5, 1));
  assertEnded(victim, ErrorCode.Protocol, "idle_stream");
});
