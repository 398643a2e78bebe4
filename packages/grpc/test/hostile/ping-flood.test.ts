import assert from "node:assert/strict";
import { test } from "node:test";
import { data, ErrorCode, Flags, frame, ping, Type } from "../h2-peer-frames.js";
import { assertCalmed, assertEnded, assertServes, Victim } from "./victim.js";

// CVE-2019-9512: each PING costs an ACK. Strikes as grpc-go counts them.

test("the third PING that comes sooner than 10 seconds after the one before ends the connection", () => {
  const victim = Victim.begun();
  victim.client.write(ping([1, 2, 3, 4, 5, 6, 7, 8]), ping(), ping());
  assert.equal(victim.client.goneAway, undefined);
  const [ack] = victim.client.ofType(Type.Ping);
  assert.deepEqual([ack?.flags, [...(ack?.payload ?? [])]], [Flags.Ack, [1, 2, 3, 4, 5, 6, 7, 8]]);
  victim.client.write(ping());
  assertCalmed(victim, "too_many_pings");
});

test("a PING every 10 seconds passes for ever", () => {
  const victim = Victim.begun();
  for (let i = 0; i < 50; i++) {
    victim.client.write(ping());
    victim.wait(10_000);
  }
  assertServes(victim);
});

test("what we send forgives: clients measure the bandwidth with a PING for each answer", () => {
  const victim = Victim.begun();
  for (let stream = 1; stream < 200; stream += 2) {
    assertServes(victim, stream);
    victim.client.write(ping());
  }
  assert.equal(victim.client.ofType(Type.Ping).length, 100);
});

test("what the client sends forgives nothing", () => {
  const victim = Victim.begun({ answers: false });
  victim.client.request(1, 0);
  for (let i = 0; i < 4; i++) victim.client.write(data(1, [1]), ping());
  assertCalmed(victim, "too_many_pings");
});

test("answers to PINGs that nobody sent cost nothing and change nothing", () => {
  const victim = Victim.begun();
  for (let i = 0; i < 1000; i++) victim.client.write(ping(new Uint8Array(8), Flags.Ack));
  assert.deepEqual(victim.client.take(), []);
  assertServes(victim);
});

test("a PING of the wrong size or on a stream is a connection error", () => {
  const wrong: [bytes: Uint8Array, code: number, name: string][] = [
    [ping([1, 2, 3]), ErrorCode.FrameSize, "frame_size"],
    [frame(Type.Ping, 0, 1, new Uint8Array(8)), ErrorCode.Protocol, "frame_stream"],
  ];
  for (const [bytes, code, name] of wrong) {
    const victim = Victim.begun();
    victim.client.write(bytes);
    assertEnded(victim, code, name);
  }
});
