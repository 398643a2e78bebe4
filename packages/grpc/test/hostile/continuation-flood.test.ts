import assert from "node:assert/strict";
import { test } from "node:test";
import { REQUEST_BLOCK } from "../h2-peer.js";
import { continuation, data, ErrorCode, Flags, headers, ping } from "../h2-peer-frames.js";
import { assertCalmed, assertEnded, heldBytes, Victim } from "./victim.js";

// CVE-2024-27316: a header block that never ends.

test("a block in eight CONTINUATION frames is served, one in nine ends the connection", () => {
  const victim = Victim.begun();
  const cut = (stream: number, pieces: number) => [
    headers(stream, REQUEST_BLOCK, Flags.EndStream),
    ...Array.from({ length: pieces - 1 }, () => continuation(stream, [])),
    continuation(stream, [], Flags.EndHeaders),
  ];
  victim.client.write(...cut(1, 8));
  assert.equal(victim.calls.length, 1);
  victim.client.write(...cut(3, 9));
  assertCalmed(victim, "continuation_flood");
});

test("a block that grows without end is cut at twice the list's limit", () => {
  const victim = Victim.begun();
  const before = heldBytes();
  victim.client.write(headers(1, new Uint8Array(16_384), 0), continuation(1, new Uint8Array(16_384)));
  assert.equal(victim.client.goneAway, undefined);
  victim.client.write(continuation(1, [0]));
  assertCalmed(victim, "header_list");
  assert.ok(heldBytes() - before < 1 << 20);
});

test("nothing may come between the frames of a block", () => {
  for (const between of [ping(), data(1, []), headers(3, REQUEST_BLOCK), continuation(3, [])]) {
    const victim = Victim.begun();
    victim.client.write(headers(1, REQUEST_BLOCK, 0), between);
    assertEnded(victim, ErrorCode.Protocol, "continuation");
  }
});

test("a CONTINUATION that continues nothing is a connection error", () => {
  const victim = Victim.begun();
  victim.client.request(1);
  victim.client.write(continuation(1, [], Flags.EndHeaders));
  assertEnded(victim, ErrorCode.Protocol, "continuation");
});
