import assert from "node:assert/strict";
import { test } from "node:test";
import { REQUEST_BLOCK } from "../h2-peer.js";
import { continuation, data, Flags, headers, paddedData } from "../h2-peer-frames.js";
import { assertCalmed, assertServes, Victim } from "./victim.js";

// CVE-2019-9518: frames that carry nothing cost the sender 9 octets and us the work.

function open(): Victim {
  const victim = Victim.begun();
  victim.client.request(1, 0);
  return victim;
}

test("a hundred empty DATA frames pass, and one more ends the connection", () => {
  const victim = open();
  victim.client.write(...Array.from({ length: 100 }, () => data(1, [])));
  assert.equal(victim.client.goneAway, undefined);
  victim.client.write(data(1, []));
  assertCalmed(victim, "empty_data");
});

test("frames of nothing but padding are empty", () => {
  const victim = open();
  victim.client.write(...Array.from({ length: 101 }, () => paddedData(1, [], 10)));
  assertCalmed(victim, "empty_data");
});

test("each frame with bytes gives one empty frame back", () => {
  const victim = open();
  for (let i = 0; i < 1000; i++) victim.client.write(data(1, []), data(1, [1]));
  assert.equal(victim.call.bytes, 1000);
  assertServes(victim, 3);
});

test("an empty frame that ends the request is how requests end, and is not counted", () => {
  const victim = Victim.begun();
  for (let i = 0; i < 500; i++) {
    victim.client.write(headers(1 + 2 * i, REQUEST_BLOCK), data(1 + 2 * i, [], Flags.EndStream));
  }
  assertServes(victim, 1001);
});

test("empty CONTINUATION frames are counted as any others", () => {
  const victim = open();
  victim.client.write(headers(3, REQUEST_BLOCK, 0), ...Array.from({ length: 9 }, () => continuation(3, [])));
  assertCalmed(victim, "continuation_flood");
});
