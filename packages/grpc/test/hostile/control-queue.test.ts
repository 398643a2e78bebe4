import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { Flags, headers, ping, Type } from "../h2-peer-frames.js";
import { assertServes, Victim } from "./victim.js";

// CVE-2019-9512, 9514, 9515: a peer that makes us answer, and does not read the answers.

const PATIENT = { pingIntervalMs: 0, idlePingIntervalMs: 0 };

test("with 100 answers in a socket that takes nothing we stop reading, until it has taken them", () => {
  const victim = Victim.begun({ limits: PATIENT });
  victim.stall();
  victim.client.write(...Array.from({ length: 99 }, () => ping()));
  assert.equal(victim.connection.pausedReading, false);
  victim.client.write(ping());
  assert.equal(victim.connection.pausedReading, true);
  victim.unstall();
  assert.equal(victim.connection.pausedReading, false);
});

test("with more than 1000 the connection ends", () => {
  const victim = Victim.begun({ limits: PATIENT });
  victim.stall();
  victim.client.write(...Array.from({ length: 1001 }, () => ping()));
  assert.deepEqual(victim.violations, ["control_queue"]);
  assert.equal(victim.connection.wantsClose, true);
  assert.ok(victim.socketBytes < 20_000);
});

test("RST_STREAM frames that we were made to send count as answers", () => {
  const victim = Victim.begun();
  const malformed = encodeConstant(["A", "1"]);
  victim.stall();
  for (let i = 0; i < 100; i++) victim.client.write(headers(1 + 2 * i, malformed, Flags.EndHeaders));
  assert.equal(victim.connection.pausedReading, true);
});

test("answers that the socket takes at once are no queue", () => {
  const victim = Victim.begun({ limits: PATIENT });
  for (let i = 0; i < 5000; i++) victim.client.write(ping());
  assert.equal(victim.client.ofType(Type.Ping).length, 5000);
  assertServes(victim);
});
