import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeConstant } from "../../src/h2/hpack/encoder.js";
import { REQUEST } from "../h2-peer.js";
import { data, ErrorCode, Flags, headers, paddedData } from "../h2-peer-frames.js";
import { assertReset, Victim } from "./victim.js";

function announced(length: string, flags = 0): Uint8Array {
  return headers(1, encodeConstant(["content-length", length], REQUEST), Flags.EndHeaders | flags);
}

const trailers = headers(1, encodeConstant(["a", "1"]), Flags.EndHeaders | Flags.EndStream);

test("a body as long as announced is served, padding not counted", () => {
  const victim = Victim.begun();
  victim.client.write(announced("3"), paddedData(1, [1, 2], 9), data(1, [3], Flags.EndStream));
  assert.equal(victim.call.hasEnded, true);
  assert.equal(victim.call.closedWith, undefined);
});

test("END_STREAM before the announced length, in whatever frame, resets the stream", () => {
  const endings = [
    [announced("3", Flags.EndStream)],
    [announced("3"), data(1, [1, 2], Flags.EndStream)],
    [announced("3"), data(1, [], Flags.EndStream)],
    [announced("3"), data(1, [1]), trailers],
  ];
  for (const frames of endings) {
    const victim = Victim.begun();
    victim.client.write(...frames);
    assert.ok(!victim.calls.some(({ hasEnded }) => hasEnded), "no handler takes the body for whole");
    assertReset(victim, 1, ErrorCode.Protocol, "content_length");
  }
});

test("a length that is no number, or two lengths that differ, are malformed", () => {
  for (const fields of [
    ["content-length", "-1"],
    ["content-length", "1e3"],
    ["content-length", "1", "content-length", "2"],
  ]) {
    const victim = Victim.begun();
    victim.client.write(headers(1, encodeConstant(fields, REQUEST), Flags.EndHeaders));
    assertReset(victim, 1, ErrorCode.Protocol, "malformed_request");
  }
});
